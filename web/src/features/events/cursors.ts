import type { RoomHeadSeen } from "../../lib/room-heads.js";
import type { ChatEvent } from "./chat-events.graphql.js";

/** The viewer's own stream; every other key is a room's id. */
export const VIEWER_STREAM = "viewer";

/** How far a stream was handled. `seq` is null until the server has told it (the viewer's stream, before Ready). */
export interface Position {
  readonly cursor: string;
  readonly seq: number | null;
}

export type Positions = ReadonlyMap<string, Position>;

/** What to do with a durable event: it is the next one, it was handled before, or one before it is missing. */
export type Verdict = "apply" | "drop" | "gap";

/** The stream that a durable event belongs to; null for those that are told and forgotten. */
export function streamOf(event: ChatEvent): string | null {
  if (event.cursor === null || event.seq === null) return null;
  switch (event.__typename) {
    case "ChatMessageSent":
    case "ChatRoomChanged":
      return event.room.id;
    case "ChatMessageEdited":
      return event.message.room.id;
    case "ChatMessageDeleted":
    case "ChatReactionAdded":
    case "ChatReactionRemoved":
    case "ChatParticipantAdded":
    case "ChatParticipantRemoved":
    case "ChatRoomDeleted":
      return event.roomId;
    case "ChatRoomJoined":
    case "ChatRoomLeft":
    case "ChatRoomRead":
      return VIEWER_STREAM;
    case "ChatSubscriptionReady":
    case "ChatTypingChanged":
    case "ChatPresenceChanged":
    case "ChatUserChanged":
      return null;
    default:
      return unknownEvent(event);
  }
}

/** For `default` branches: a kind of event without a branch of its own does not compile. */
export function unknownEvent(event: never): null {
  // A newer server may send kinds this build has never heard of; they are none of its business.
  void event;
  return null;
}

/** Judges one event of a stream by its seq. A stream that was not followed yet starts with it. */
export function judge(positions: Positions, stream: string, seq: number): Verdict {
  const known = positions.get(stream);
  if (!known || known.seq === null) return "apply";
  if (seq === known.seq + 1) return "apply";
  return seq <= known.seq ? "drop" : "gap";
}

/** The positions after an event was handled. */
export function advance(positions: Positions, stream: string, to: Position): Positions {
  return new Map(positions).set(stream, to);
}

/** The positions without a stream that is no longer the viewer's to follow. */
export function without(positions: Positions, stream: string): Positions {
  const next = new Map(positions);
  next.delete(stream);
  return next;
}

/** The positions after the server said where each stream continues from. Ours win where they are further. */
export function acceptHeads(
  positions: Positions,
  heads: readonly { readonly roomId: string | null; readonly cursor: string; readonly seq: number }[],
): Positions {
  const next = new Map(positions);
  for (const head of heads) {
    const stream = head.roomId ?? VIEWER_STREAM;
    const known = next.get(stream);
    if (!known || known.seq === null || head.seq > known.seq) next.set(stream, { cursor: head.cursor, seq: head.seq });
  }
  return next;
}

/** A stream that the server continues beyond what is held of it; null when there is none. */
export function findPassed(
  positions: Positions,
  heads: readonly { readonly roomId: string | null; readonly seq: number }[],
): string | null {
  const isPassed = (stream: string, seq: number): boolean => seq > (positions.get(stream)?.seq ?? seq);
  const passed = heads.find((head) => isPassed(head.roomId ?? VIEWER_STREAM, head.seq));
  return passed ? (passed.roomId ?? VIEWER_STREAM) : null;
}

/**
 * The positions after a snapshot of rooms. Before the stream runs, the oldest snapshot counts: what was
 * read later may lack in a window that was read earlier. Once it is asked for, only the stream itself moves on.
 */
export function acceptSnapshot(positions: Positions, heads: readonly RoomHeadSeen[], isFollowing: boolean): Positions {
  const next = new Map(positions);
  for (const head of heads) {
    const known = next.get(head.roomId);
    const isOlder = known !== undefined && known.seq !== null && head.seq < known.seq;
    if (!known || (isOlder && !isFollowing)) next.set(head.roomId, { cursor: head.cursor, seq: head.seq });
  }
  return next;
}

/** What `chatEvents(after:)` takes: the newest cursor of each stream. */
export function resumePoints(positions: Positions): string[] {
  return [...positions.values()].map((position) => position.cursor);
}
