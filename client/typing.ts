import type { After } from "./timing.ts";

/** Who types goes on saying so; nobody has to hear of each key. */
const SAY_AGAIN_MS = 2_000;
/** Who has not touched a key for so long has stopped. */
const STOPS_AFTER_MS = 3_000;

/** One's own typing, told as seldom as it can be. */
export class Typing {
  readonly #after: After;
  readonly #say: (isTyping: boolean) => void;
  #isTyping = false;
  #isFresh = false;
  #cancelStop = (): void => {};
  #cancelFresh = (): void => {};

  constructor(after: After, say: (isTyping: boolean) => void) {
    this.#after = after;
    this.#say = say;
  }

  /** With true at every key: it is told at once, then every 2 s, and taken back 3 s after the last. */
  set(isTyping: boolean): void {
    if (!isTyping) {
      if (this.#isTyping) this.#say(false);
      return this.forget();
    }
    this.#isTyping = true;
    this.#cancelStop();
    this.#cancelStop = this.#after(STOPS_AFTER_MS, () => this.set(false));
    if (this.#isFresh) return;
    this.#isFresh = true;
    this.#cancelFresh = this.#after(SAY_AGAIN_MS, () => (this.#isFresh = false));
    this.#say(true);
  }

  /** The connection is gone, and with it what was said over it. */
  forget(): void {
    this.#isTyping = false;
    this.#isFresh = false;
    this.#cancelStop();
    this.#cancelFresh();
  }
}
