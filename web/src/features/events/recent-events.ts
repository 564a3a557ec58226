import type { ChatEvent } from "./chat-events.graphql.js";

const KEPT_PER_ROOM = 200;

interface Recent {
  readonly seq: number;
  readonly event: ChatEvent;
}

/**
 * The last events of each room. An answer can be older than what the socket has brought meanwhile;
 * laying the newer events over it again makes it current.
 */
export class RecentEvents {
  readonly #rooms = new Map<string, Recent[]>();

  /** Remembers an event that was just applied. */
  remember(roomId: string, seq: number, event: ChatEvent): void {
    const known = this.#rooms.get(roomId) ?? [];
    this.#rooms.set(roomId, [...known.slice(1 - KEPT_PER_ROOM), { seq, event }]);
  }

  /** The room's events beyond `seq`, oldest first; null when some of them are not kept any more. */
  after(roomId: string, seq: number, lastSeq: number): readonly ChatEvent[] | null {
    if (lastSeq <= seq) return [];
    const newer = (this.#rooms.get(roomId) ?? []).filter((recent) => recent.seq > seq);
    return newer.length === lastSeq - seq ? newer.map((recent) => recent.event) : null;
  }

  /** Forgets a room that is gone. */
  forget(roomId: string): void {
    this.#rooms.delete(roomId);
  }

  /** Forgets everything, for a start from a fresh snapshot. */
  clear(): void {
    this.#rooms.clear();
  }
}
