/** Runs `callback` once after `delayMs`; the returned function cancels it. */
export type After = (delayMs: number, callback: () => void) => () => void;

export const systemAfter: After = (delayMs, callback) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};

/** What a test may put in the place of the world's. */
export interface ChatParts {
  readonly after?: After;
  /** Whose `online` and `visibilitychange` are heard. */
  readonly page?: unknown;
}

export function pause(after: After, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    after(delayMs, resolve);
  });
}

const BACKOFF_MIN_MS = 500;
export const BACKOFF_MAX_MS = 10_000;

/**
 * How long to wait before try number `attempt` (0 is the first retry): full jitter over a ceiling that doubles from
 * 0.5 s to 10 s, so that a thousand clients do not come back at the same moment.
 */
export function backoffMs(attempt: number): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.min(attempt + 1, 16));
  return BACKOFF_MIN_MS + Math.random() * (ceiling - BACKOFF_MIN_MS);
}
