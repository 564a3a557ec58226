import type { ChatEvent } from "./chat-events.graphql.js";
import { FlushPace } from "./flush-pace.js";

/** What was missed in an hour comes at once: applied in parts, it does not hold up the page. */
export const EVENTS_A_BATCH = 100;

/** Gathers events that come in quick succession, so that they reach the screen together. */
export class EventQueue {
  readonly #show: (events: readonly ChatEvent[]) => void;
  readonly #pace: FlushPace;
  #waiting: ChatEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(show: (events: readonly ChatEvent[]) => void, pace = new FlushPace()) {
    this.#show = show;
    this.#pace = pace;
  }

  /** Takes an event; it is shown with those that come with it. */
  push(event: ChatEvent): void {
    this.#waiting.push(event);
    this.#schedule();
  }

  /** Shows everything that waits now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#showBatch();
  }

  /** Forgets what waits. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#showBatch(), this.#pace.delayMs);
  }

  #showBatch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting.splice(0, EVENTS_A_BATCH);
    this.#pace.show(() => this.#show(batch));
    if (this.#waiting.length > 0) this.#schedule();
  }
}
