/** ISO-8601 in UTC with milliseconds: `2025-11-06T15:30:00.000Z`. How a moment travels in plain data. */
export type IsoTime = string;

/** Where the time comes from, so that a test can move it. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some moment: how long something takes, whoever sets the time of day meanwhile. Timers go by it. */
  elapsedMs(): number;
  /** Runs `callback` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** A longer timer fires at once: its delay is kept in 32 bits. */
const MAX_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => new Date(),
  elapsedMs: () => performance.now(),
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

/** A `timestamptz` in UTC as both databases write it, alone or in JSON. */
const STORED = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00(?::00)?$/;

/** The same as it is in JSON nearly always: its beginning is what travels. */
const STORED_IN_JSON = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\d*\+00:00$/;

/** A `timestamptz` as the drivers return it (text, or a Date) in the form that travels. */
export function toIsoTime(value: Date | string): IsoTime {
  // A page has hundreds of them: a Date of each would be made only to be written as text again.
  if (typeof value === "string" && STORED_IN_JSON.test(value)) return `${value.slice(0, 23)}Z`;
  const stored = typeof value === "string" ? STORED.exec(value) : null;
  if (stored !== null) return `${stored[1]}T${stored[2]}.${(stored[3] ?? "").padEnd(3, "0").slice(0, 3)}Z`;
  return (value instanceof Date ? value : new Date(value)).toISOString();
}

/** Days that every month has: whether there was another one is not seen by its form. */
const PLAIN_ISO_TIME = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** Whether this text is a moment as it travels, as far as can be told at a glance: true for nothing else, and for most. */
export function isPlainlyIsoTime(text: string): boolean {
  return PLAIN_ISO_TIME.test(text);
}

/** As {@link toIsoTime}, and null stays null. */
export function toIsoTimeOrNull(value: Date | string | null): IsoTime | null {
  return value === null ? null : toIsoTime(value);
}
