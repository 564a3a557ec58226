import type { Clock } from "./time.js";

/**
 * Does the work time and again, never twice at once. The answer ends it, when what runs is through; the signal tells that
 * that is waited for.
 */
export function repeat(
  clock: Clock,
  everyMs: number,
  work: (signal: AbortSignal) => Promise<void>,
): () => Promise<void> {
  const ended = new AbortController();
  let running = Promise.resolve();
  let cancel = (): void => {};
  const arm = (): void => {
    cancel = clock.after(everyMs, () => {
      running = work(ended.signal).finally(() => !ended.signal.aborted && arm());
    });
  };
  arm();
  return async () => {
    ended.abort();
    cancel();
    await running;
  };
}
