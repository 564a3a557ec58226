import { quantile } from "./report.js";

/** When something was due, and how long it took from then on. */
export interface Timing {
  readonly dueMs: number;
  readonly tookMs: number;
}

/** A part of a run, from a moment on until the next one begins. */
export interface Phase {
  readonly name: string;
  readonly fromMs: number;
}

export interface PhaseFigures {
  readonly name: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Sorts what was measured by the phase in which it was due. */
export function figuresByPhase(timings: readonly Timing[], phases: readonly Phase[]): readonly PhaseFigures[] {
  return phases.map(({ name, fromMs }, index) => {
    const untilMs = phases[index + 1]?.fromMs ?? Infinity;
    const sorted = timings
      .filter(({ dueMs }) => dueMs >= fromMs && dueMs < untilMs)
      .map(({ tookMs }) => tookMs)
      .toSorted((left, right) => left - right);
    const at = (share: number): number => quantile(sorted, share);
    return { name, count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
  });
}

/** What a delivery may take when all is well: 99 of 100. */
const NORMAL_MS = 200;
const WINDOW_MS = 1_000;
const STEP_MS = 20;

/**
 * How long after a moment all is well again: when a second begins in which 99 of 100 took no longer than
 * {@link NORMAL_MS}. Undefined when none does.
 */
export function normalAfterMs(timings: readonly Timing[], fromMs: number): number | undefined {
  const lastMs = timings.reduce((latest, { dueMs }) => Math.max(latest, dueMs), fromMs);
  for (let startMs = fromMs; startMs + WINDOW_MS <= lastMs; startMs += STEP_MS) {
    const window = timings.filter(({ dueMs }) => dueMs >= startMs && dueMs < startMs + WINDOW_MS);
    const slow = window.filter(({ tookMs }) => tookMs > NORMAL_MS);
    if (window.length > 0 && slow.length <= window.length / 100) return startMs - fromMs;
  }
  return undefined;
}
