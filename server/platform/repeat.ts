import type { Clock } from "./time.js";

/** Does the work time and again, never twice at once. The answer ends it, when what runs is through. */
export function repeat(clock: Clock, everyMs: number, work: () => Promise<void>): () => Promise<void> {
  let isEnded = false;
  let running = Promise.resolve();
  let cancel = (): void => {};
  const arm = (): void => {
    cancel = clock.after(everyMs, () => {
      running = work().finally(() => !isEnded && arm());
    });
  };
  arm();
  return async () => {
    isEnded = true;
    cancel();
    await running;
  };
}
