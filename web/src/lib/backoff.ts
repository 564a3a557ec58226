export const BACKOFF_MIN_MS = 500;
export const BACKOFF_MAX_MS = 10_000;

/**
 * How long to wait before try number `attempt` (0 is the first retry): full jitter over a ceiling
 * that doubles from 0.5 s to 10 s, so that a thousand clients do not come back at the same moment.
 * @param atLeastMs what the server has asked for; the jitter comes on top, because it asks all of them for the same
 */
export function backoffMs(attempt: number, atLeastMs = BACKOFF_MIN_MS, random: () => number = Math.random): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.min(attempt + 1, 16));
  return atLeastMs + random() * (ceiling - BACKOFF_MIN_MS);
}

/** Waits before try number `attempt` (0 is the first retry). */
export function backOff(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, backoffMs(attempt)));
}
