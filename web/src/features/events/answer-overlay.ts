import type { ApolloCache } from "@apollo/client/cache";
import type { RoomHeadSeen } from "../../lib/room-heads.js";
import { applyEvent } from "./apply-event.js";
import type { ChatEvent } from "./chat-events.graphql.js";
import type { Effect, Viewer } from "./effect.js";
import { RecentEvents } from "./recent-events.js";

export interface AnswerOverlayOptions {
  readonly cache: ApolloCache;
  readonly viewer: Viewer;
  readonly onEffect: (effect: Effect) => void;
  /** The seq up to which a room's events have been applied; null when none has. */
  readonly appliedSeq: (roomId: string) => number | null;
  /** An answer is older than all that is kept of its room: everything is to be read afresh. */
  readonly onTooOld: () => void;
}

/** Lays over answers, which can be older than what the socket has brought, what came since. */
export class AnswerOverlay {
  readonly #options: AnswerOverlayOptions;
  readonly #recent = new RecentEvents();
  /** Answers that are not brought up to date yet. */
  #answers: RoomHeadSeen[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: AnswerOverlayOptions) {
    this.#options = options;
  }

  /** Remembers an event that was just applied. */
  remember(roomId: string, seq: number, event: ChatEvent): void {
    this.#recent.remember(roomId, seq, event);
  }

  /** Forgets what came in a room: laid over an answer after a return, the viewer's own removal would drop it again. */
  forgetRoom(roomId: string): void {
    this.#recent.forget(roomId);
  }

  /** Forgets everything, for a start from a fresh snapshot or the end. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#answers = [];
    this.#recent.clear();
  }

  /** Tells of rooms in an answer that goes into the cache now. */
  accept(heads: readonly RoomHeadSeen[]): void {
    this.#answers.push(...heads);
    // A task later the answer is in the cache.
    this.#timer ??= setTimeout(() => this.bringUpToDate(), 0);
  }

  /**
   * Brings all answers up to date. Always before anything newer is applied: that is counted on top of it.
   * False when one is too old for it.
   */
  bringUpToDate(): boolean {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const answers = this.#answers;
    this.#answers = [];
    const { cache, viewer, onEffect, appliedSeq, onTooOld } = this.#options;
    const effects: Effect[] = [];
    for (const { roomId, seq } of answers) {
      const events = this.#recent.after(roomId, seq, appliedSeq(roomId) ?? seq);
      if (events === null) {
        onTooOld();
        return false;
      }
      cache.batch({ update: () => events.forEach((event) => effects.push(...applyEvent(cache, event, viewer))) });
    }
    // The other effects were carried out when the events first came.
    for (const effect of effects) if (effect.kind === "recount") onEffect(effect);
    return true;
  }
}
