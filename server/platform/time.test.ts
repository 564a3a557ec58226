import { expect, test } from "@jest/globals";
import { isPlainlyIsoTime, toIsoTime } from "./time.js";

test.each([
  ["2026-11-26 12:56:30+00", "2026-11-26T12:56:30.000Z"],
  ["2026-11-26 12:56:30.1+00", "2026-11-26T12:56:30.100Z"],
  ["2026-11-26 12:56:30.123999+00", "2026-11-26T12:56:30.123Z"],
  ["2026-11-26T12:56:30.123456+00:00", "2026-11-26T12:56:30.123Z"],
  ["2026-11-26T12:56:30.12+00:00", "2026-11-26T12:56:30.120Z"],
  ["2026-11-26T12:56:30.123456+02:00", "2026-11-26T10:56:30.123Z"],
  ["2026-11-26 12:56:30.123456-03", "2026-11-26T15:56:30.123Z"],
  [new Date(0), "1970-01-01T00:00:00.000Z"],
])("a stored time travels in UTC with milliseconds: %p", (stored, travels) => {
  expect(toIsoTime(stored)).toBe(travels);
  expect(toIsoTime(stored)).toBe(new Date(stored).toISOString());
});

test("what is no time is none", () => {
  expect(() => toIsoTime("soon")).toThrow(RangeError);
});

test("a time is told at a glance from what is none", () => {
  expect(isPlainlyIsoTime("2026-11-26T12:56:30.123Z")).toBe(true);
  for (const text of [
    "soon",
    "",
    "2026-11-26T12:56:30.123Z and more",
    "before 2026-11-26T12:56:30.123Z",
    "2026-11-26T12:56:30.123Z\n",
    "2026-13-26T12:56:30.123Z",
    "2026-02-30T12:56:30.123Z",
    "2026-11-26T24:56:30.123Z",
    "2026-11-26T12:60:30.123Z",
    "2026-11-26T12:56:30.123+02:00",
  ]) {
    expect([text, isPlainlyIsoTime(text)]).toEqual([text, false]);
  }
});
