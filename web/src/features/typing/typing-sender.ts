export const TYPING_AT_MOST_EVERY_MS = 2_000;

export interface TypingSenderOptions {
  readonly send: (isTyping: boolean) => void;
  readonly now?: () => number;
}

/** Tells the room that one is typing: at most every 2 s while typing, and once when it ends. */
export class TypingSender {
  readonly #options: TypingSenderOptions;
  #lastSentMs: number | null = null;

  constructor(options: TypingSenderOptions) {
    this.#options = options;
  }

  /** The text was changed; an empty one ends typing. */
  changed(text: string): void {
    if (text.trim() === "") return this.stop();
    const nowMs = (this.#options.now ?? Date.now)();
    if (this.#lastSentMs !== null && nowMs - this.#lastSentMs < TYPING_AT_MOST_EVERY_MS) return;
    this.#lastSentMs = nowMs;
    this.#options.send(true);
  }

  /** Typing has ended: sent, emptied, or the field was left. */
  stop(): void {
    if (this.#lastSentMs === null) return;
    this.#lastSentMs = null;
    this.#options.send(false);
  }
}
