import { BACKOFF_MAX_MS, backoffMs } from "../../lib/backoff.js";
import { toFailure, type ErrorCode } from "../../lib/errors.js";
import { CLOSE_UNAUTHENTICATED } from "../../lib/socket.js";

/** What becomes of a line that was lost: `now` counts only for a first try, so that it can't go round without a pause. */
export type Recovery = "now" | "later" | "never";

/** Where a line leads to, and what it brings. */
export interface LineOptions<Event> {
  /** Opens it once; `end` tells that it is over and why. Answers how to close it. */
  readonly open: (onEvent: (event: Event) => void, end: (error?: unknown) => void) => () => void;
  /** What must have succeeded before it is opened; null when there is nothing to do. */
  readonly prepare: () => Promise<void> | null;
  readonly onEvent: (event: Event) => void;
  readonly onLost: (code: ErrorCode) => Recovery;
}

function closeCodeOf(error: unknown): number | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "number" ? error.code : null;
}

function codeOf(error: unknown): ErrorCode {
  if (closeCodeOf(error) === CLOSE_UNAUTHENTICATED) return "UNAUTHENTICATED";
  return toFailure(Array.isArray(error) ? error[0] : error).code;
}

/** A subscription that is opened again for ever: with a growing pause, and at once when the browser sees a chance. */
export class EventLine<Event> {
  readonly #options: LineOptions<Event>;
  #close: (() => void) | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  /** Since when the other end has answered, in ms; null while it has not. */
  #upSince: number | null = null;
  #isStarted = false;
  #isPreparing = false;

  constructor(options: LineOptions<Event>) {
    this.#options = options;
  }

  start(): void {
    this.#isStarted = true;
    window.addEventListener("online", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
    void this.#open();
  }

  stop(): void {
    this.#isStarted = false;
    window.removeEventListener("online", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    clearTimeout(this.#retryTimer);
    this.#drop();
  }

  /** Closes it and opens it again. */
  reopen(): void {
    this.#drop();
    void this.#open();
  }

  /** It works: the next loss begins with a short pause again. */
  progress(): void {
    this.#attempt = 0;
  }

  /** The other end has answered. Once that has held for longer than any pause, the next one is short again too. */
  up(): void {
    this.#upSince = performance.now();
  }

  #wake = (): void => {
    if (this.#close || document.visibilityState === "hidden") return;
    clearTimeout(this.#retryTimer);
    this.#attempt = 0;
    void this.#open();
  };

  async #open(): Promise<void> {
    if (this.#close || this.#isPreparing || !this.#isStarted) return;
    const preparing = this.#options.prepare();
    if (preparing) {
      this.#isPreparing = true;
      try {
        await preparing;
      } catch (error) {
        return this.#lost(error);
      } finally {
        this.#isPreparing = false;
      }
      if (!this.#isStarted) return;
    }
    this.#subscribe();
  }

  #subscribe(): void {
    const { onEvent } = this.#options;
    let isOver = false;
    const end = (error?: unknown): void => {
      if (isOver) return;
      isOver = true;
      // An event that came with errors does not end the subscription by itself.
      this.#drop();
      this.#lost(error);
    };
    const dispose = this.#options.open((event) => void (isOver || onEvent(event)), end);
    this.#close = () => {
      isOver = true;
      dispose();
    };
  }

  #drop(): void {
    this.#close?.();
    this.#close = null;
  }

  #lost(error: unknown): void {
    if (!this.#isStarted) return;
    if (this.#upSince !== null && performance.now() - this.#upSince > BACKOFF_MAX_MS) this.progress();
    this.#upSince = null;
    const recovery = this.#options.onLost(codeOf(error));
    if (recovery === "never") return this.#drop();
    // It may have been opened again meanwhile.
    if (this.#close) return;
    const waitMs = recovery === "now" && this.#attempt === 0 ? 0 : backoffMs(this.#attempt);
    this.#attempt += 1;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.#open(), waitMs);
  }
}
