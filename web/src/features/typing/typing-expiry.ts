import type { EventOf } from "../events/chat-events.graphql.js";

/** The server ends typing after 3 s by itself; this covers the case that its word is lost. */
export const TYPING_EXPIRES_MS = 6_000;

type TypingEvent = EventOf<"ChatTypingChanged">;

/** Ends typing that nobody has ended: by time, or all at once when the connection is lost. */
export class TypingExpiry {
  readonly #pending = new Map<string, { readonly event: TypingEvent; readonly timer: ReturnType<typeof setTimeout> }>();
  readonly #end: (event: TypingEvent) => void;

  constructor(end: (event: TypingEvent) => void) {
    this.#end = end;
  }

  /** Follows one typing event. */
  follow(event: TypingEvent): void {
    const key = `${event.roomId}/${event.user.id}`;
    clearTimeout(this.#pending.get(key)?.timer);
    this.#pending.delete(key);
    if (!event.isTyping) return;
    const ended: TypingEvent = { ...event, isTyping: false };
    const timer = setTimeout(() => {
      this.#pending.delete(key);
      this.#end(ended);
    }, TYPING_EXPIRES_MS);
    this.#pending.set(key, { event: ended, timer });
  }

  /** Nobody is typing any more, as far as can be known. */
  endAll(): void {
    for (const { event, timer } of this.#pending.values()) {
      clearTimeout(timer);
      this.#end(event);
    }
    this.#pending.clear();
  }
}
