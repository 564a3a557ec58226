/** ISO-8601 in UTC with milliseconds: `2025-11-06T15:30:00.000Z`. How a moment travels in plain data. */
export type IsoTime = string;

/** Where the time comes from, so that a test can move it. */
export interface Clock {
  now(): Date;
  /** Runs `callback` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** A longer timer fires at once: its delay is kept in 32 bits. */
const MAX_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => new Date(),
  after(delayMs, callback) {
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      timer = setTimeout(
        () => (leftMs > MAX_TIMER_MS ? arm(leftMs - MAX_TIMER_MS) : callback()),
        Math.min(leftMs, MAX_TIMER_MS),
      );
      timer.unref();
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  },
};

/** A `timestamptz` as the drivers return it (text in UTC, or a Date) in the form that travels. */
export function toIsoTime(value: Date | string): IsoTime {
  return (value instanceof Date ? value : new Date(value)).toISOString();
}

/** As {@link toIsoTime}, and null stays null. */
export function toIsoTimeOrNull(value: Date | string | null): IsoTime | null {
  return value === null ? null : toIsoTime(value);
}
