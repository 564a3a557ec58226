import { expect, test } from "@jest/globals";
import { figuresByPhase, normalAfterMs, type Timing } from "./phases.js";

/** One in ten milliseconds, from `fromMs` on. */
function timings(fromMs: number, tookMs: readonly number[]): readonly Timing[] {
  return tookMs.map((took, index) => ({ dueMs: fromMs + index * 10, tookMs: took }));
}
const repeat = (tookMs: number, times: number): readonly number[] => Array.from({ length: times }, () => tookMs);

test("what was measured is told by the phase in which it was due", () => {
  const all = [...timings(0, [5, 1, 3]), ...timings(100, [900, 300]), ...timings(200, [2])];
  const phases = [
    { name: "before", fromMs: 0 },
    { name: "during", fromMs: 100 },
    { name: "after", fromMs: 200 },
  ];
  expect(figuresByPhase(all, phases)).toEqual([
    { name: "before", count: 3, p50Ms: 3, p99Ms: 5, maxMs: 5 },
    { name: "during", count: 2, p50Ms: 300, p99Ms: 900, maxMs: 900 },
    { name: "after", count: 1, p50Ms: 2, p99Ms: 2, maxMs: 2 },
  ]);
});

test("a phase in which nothing was due has no figures but zeros", () => {
  expect(figuresByPhase([], [{ name: "before", fromMs: 0 }])).toEqual([
    { name: "before", count: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 },
  ]);
});

test("all is well again when a second begins in which hardly anything is slow", () => {
  const slowAtFirst = timings(1_000, [...repeat(400, 50), ...repeat(5, 200)]);
  expect(normalAfterMs(slowAtFirst, 1_000)).toBe(500);
  expect(normalAfterMs(timings(1_000, repeat(5, 200)), 1_000)).toBe(0);
});

test("one slow delivery among a hundred is no sign that something is wrong", () => {
  expect(normalAfterMs(timings(0, [...repeat(5, 60), 900, ...repeat(5, 140)]), 0)).toBe(0);
});

test("what stays slow, or was not watched for a second, is not called well", () => {
  expect(normalAfterMs(timings(0, repeat(400, 300)), 0)).toBeUndefined();
  expect(normalAfterMs(timings(0, repeat(5, 50)), 0)).toBeUndefined();
});
