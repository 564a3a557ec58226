/** @jest-environment node */
import { describe, expect, it } from "@jest/globals";
import { backoffMs } from "./backoff.js";

const [soonest, latest] = [() => 0, () => 1];

describe("the wait before a retry", () => {
  it("lies anywhere below a ceiling that doubles up to 10 s", () => {
    expect([0, 1, 2, 5, 40].map((attempt) => backoffMs(attempt, undefined, latest))).toEqual([
      1_000, 2_000, 4_000, 10_000, 10_000,
    ]);
    expect([0, 1, 2, 5, 40].map((attempt) => backoffMs(attempt, undefined, soonest))).toEqual(Array(5).fill(500));
  });

  it("is never shorter than what the server has asked for, and not the same for all whom it has asked", () => {
    expect(backoffMs(0, 5_000, soonest)).toBe(5_000);
    expect(backoffMs(0, 5_000, latest)).toBe(5_500);
    expect(backoffMs(3, 5_000, latest)).toBe(12_500);
  });
});
