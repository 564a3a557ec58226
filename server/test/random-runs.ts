import { jest } from "@jest/globals";
import fc from "fast-check";
import type { Step } from "./feed-run.js";

/** Who there is in a random run. */
export const PEOPLE = ["ada", "ben", "cleo", "dan"];

/** What happens in a run, of these kinds, in whatever order. */
export function scriptOf(kinds: readonly Step["kind"][]) {
  const step = fc.record({ kind: fc.constantFrom(...kinds), who: fc.nat(99), what: fc.nat(99) });
  return fc.array(step, { minLength: 20, maxLength: 45 });
}

const chance = fc.constantFrom(0, 0.1, 0.4);
/** How the broker behaves meanwhile. */
export const misfortune = fc.record({ lost: chance, doubled: chance, late: chance });

/** How many runs, and from which seed: FEED_SEED looks again, FEED_RUNS looks longer. */
export function randomRuns(usualRuns: number, eachMs: number) {
  const numRuns = Number(process.env.FEED_RUNS ?? usualRuns);
  const seed = process.env.FEED_SEED === undefined ? {} : { seed: Number(process.env.FEED_SEED) };
  jest.setTimeout(60_000 + numRuns * eachMs);
  return { numRuns, endOnFailure: true, ...seed };
}
