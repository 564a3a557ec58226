import type { Clock } from "./time.js";

/** What was waited for did not come in time. It may still happen. */
export class TimedOut extends Error {
  override readonly name = "TimedOut";
}

/** Waits for `work`, but no longer than `limitMs`. @throws TimedOut */
export async function within<Result>(clock: Clock, limitMs: number, work: Promise<Result>): Promise<Result> {
  let cancel = (): void => {};
  const limit = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(limitMs, () => reject(new TimedOut(`No answer within ${limitMs} ms`)));
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    cancel();
  }
}
