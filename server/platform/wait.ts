import { toDomainError } from "./errors.js";
import type { Clock } from "./time.js";

/** How a start waits for what it can't do without. */
export interface Wait {
  /** Ends the waiting. */
  readonly stop: AbortSignal;
  /** Is told why it waits, at first, when the reason changes, and from time to time. */
  say(line: string): void;
}

/** How often somebody who waits says so again. */
export const SAY_AGAIN_MS = 10_000;

/** Says why somebody waits: at once when it is another reason than before, else from time to time. */
export function sayFromTimeToTime({ say }: Wait, clock: Clock): (line: string) => void {
  let said: { readonly line: string; readonly atMs: number } | undefined;
  return (line) => {
    const atMs = clock.now().getTime();
    if (line === said?.line && Math.abs(atMs - said.atMs) < SAY_AGAIN_MS) return;
    say(line);
    said = { line, atMs };
  };
}

/** Until the time is over, or the waiting. */
export function pause(clock: Clock, delayMs: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const end = (): void => {
      cancel();
      stop.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(delayMs, end);
    stop.addEventListener("abort", end);
  });
}

/** How long one waits before one asks a database again that was away. */
const ASK_AGAIN_MS = 1_000;

/**
 * Does what needs the database, again and again while that is away: for who has all the time, and nobody to tell.
 * @returns undefined once the waiting is ended
 */
export async function patiently<Result>(
  clock: Clock,
  stop: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  while (!stop.aborted) {
    try {
      return await work();
    } catch (error) {
      if (toDomainError(error).code !== "UNAVAILABLE") throw error;
    }
    await pause(clock, ASK_AGAIN_MS, stop);
  }
  return undefined;
}
