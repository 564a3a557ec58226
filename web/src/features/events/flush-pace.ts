/** How long events are gathered before they reach the screen together, while frames are quick. */
export const FLUSH_MIN_MS = 40;
/**
 * The longest pause, which only slow frames come to: after a batch that took a sixth of a second to show. Nobody reads
 * faster than this, however slow the machine.
 */
export const FLUSH_MAX_MS = 500;
/** Showing may take a third of the time; the rest is the reader's. */
const COST_SHARE = 3;

/** How the pace learns what a batch costs; a test plays it. */
export interface FrameClock {
  readonly now: () => number;
  /** Calls back when what was just changed is on the screen; never where the page was hidden before that. */
  readonly afterPaint: (then: () => void) => void;
}

export const browserClock: FrameClock = {
  now: () => performance.now(),
  afterPaint: (then) => {
    // The first frame after a page was hidden would tell how long it was, not what the batch cost.
    if (document.visibilityState === "hidden") return;
    const hidden = new AbortController();
    document.addEventListener("visibilitychange", () => hidden.abort(), { signal: hidden.signal });
    // The frame's own callbacks run before it is painted, a task that they ask for after it.
    requestAnimationFrame(() =>
      setTimeout(() => {
        if (hidden.signal.aborted) return;
        hidden.abort();
        then();
      }, 0),
    );
  },
};

/**
 * When the next batch of events may reach the screen: within 100 ms while frames take up to 33 ms, and later the longer
 * the last one took, so that a slow machine is left time for the one who uses it.
 */
export class FlushPace {
  readonly #clock: FrameClock;
  #costMs = 0;

  constructor(clock: FrameClock = browserClock) {
    this.#clock = clock;
  }

  /** How long to gather from the first event on, in ms. */
  get delayMs(): number {
    return Math.min(FLUSH_MAX_MS, Math.max(FLUSH_MIN_MS, this.#costMs * COST_SHARE));
  }

  /** Hands a batch on, and learns what it costs until it is on the screen. */
  show(batch: () => void): void {
    const { now, afterPaint } = this.#clock;
    const startedAt = now();
    batch();
    afterPaint(() => (this.#costMs = now() - startedAt));
  }
}
