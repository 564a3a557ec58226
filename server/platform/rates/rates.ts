import type { Rate } from "../duration.js";

/** One use of something that is limited. */
export interface Charge {
  /** What is counted together. */
  readonly key: string;
  readonly rate: Rate;
}

/**
 * Counts uses. Of a rate `30/10s` thirty may come at once, and then one more every third of a second: what is not used is
 * saved up, to thirty at most. What is refused is not counted, so that who waits as long as they are told is let through.
 */
export interface Rates {
  /**
   * Takes one of each, or, if one is used up, none of any: in one step, on all nodes that share a count. Never fails.
   * @returns for each how many milliseconds it takes until it can be taken again; 0 for all when they were taken
   */
  take(charges: readonly Charge[]): Promise<readonly number[]>;
}

const MICROSECONDS_PER_MS = 1_000;

/** A rate in whole microseconds: what is added up of them is exact. */
export interface Pace {
  /** What one use costs. */
  readonly costUs: number;
  /** How far ahead of time uses may come. */
  readonly burstUs: number;
}

export function paceOf({ limit, windowMs }: Rate): Pace {
  const costUs = Math.max(1, Math.round((windowMs * MICROSECONDS_PER_MS) / limit));
  return { costUs, burstUs: costUs * limit };
}

/** Whole milliseconds after which so many microseconds have passed. */
export const toWaitMs = (waitUs: number): number => Math.ceil(waitUs / MICROSECONDS_PER_MS);

export const toMicroseconds = (timeMs: number): number => timeMs * MICROSECONDS_PER_MS;
