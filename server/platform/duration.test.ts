import { expect, test } from "@jest/globals";
import { formatDuration, parseDuration, parseRate } from "./duration.js";

test.each([
  ["250ms", 250],
  ["30s", 30_000],
  ["1.5h", 5_400_000],
  [" 6 H ", 21_600_000],
  ["30d", 2_592_000_000],
  ["2w", 1_209_600_000],
])("%j is %d ms", (text, durationMs) => {
  expect(parseDuration(text)).toBe(durationMs);
});

test.each(["", "30", "s", "-1s", "0s", "1e3s", "1 month", "30s 5ms", "1,5h", "9999999999s"])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test.each([
  ["30/10s", { limit: 30, windowMs: 10_000 }],
  ["100/m", { limit: 100, windowMs: 60_000 }],
  ["5 / 1.5s", { limit: 5, windowMs: 1_500 }],
])("%j is a rate", (text, rate) => {
  expect(parseRate(text)).toEqual(rate);
});

test.each(["30", "30/", "/10s", "0/10s", "1.5/10s", "30/10", "30/10s/2", "off"])("%j is no rate", (text) => {
  expect(parseRate(text)).toBeUndefined();
});

test("a duration is shown in its largest whole unit", () => {
  expect([1, 90_000, 5_400_000, 86_400_000].map(formatDuration)).toEqual(["1ms", "90s", "90m", "1d"]);
});
