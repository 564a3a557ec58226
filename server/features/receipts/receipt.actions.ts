import type { Scope } from "../../platform/scope.js";
import { queryOne, sql } from "../../platform/sql.js";
import { toIsoTime } from "../../platform/time.js";
import { commit, publishEphemeral, type Change } from "../feed/feed.actions.js";
import type { ReadPosition } from "../feed/room-event.js";
import { roomStream, userStream } from "../feed/stream.js";
import { requireRate } from "../limits/limit.access.js";
import { requireMessage } from "../messages/message.access.js";
import { readMessageIds } from "../messages/message.queries.js";
import { notFound } from "../../platform/errors.js";
import { requireParticipant, type Access } from "../rooms/room.access.js";
import { viewedRoomsByIds } from "../rooms/room.queries.js";
import type { RoomId } from "../rooms/room.js";

export interface MarkRead {
  readonly roomId: string | number;
  /** Up to which message; absent: up to the newest. Never moves backwards. */
  readonly messageId?: string | number | undefined;
}

/** Others hear of somebody's reading at most this often for each room. */
const OTHERS_PACE_MS = 1_000;

/**
 * Moves one's own read position in a room forward.
 * @throws DomainError NOT_FOUND: the room, or a message that is not in it; RATE_LIMITED
 */
export async function markRoomRead(scope: Scope, input: MarkRead): Promise<RoomId> {
  const { actor, em, services } = scope;
  await requireRate(scope, "markRoomRead");
  const access = await requireParticipant(em, actor.id, input.roomId);
  const upTo = await numberUpTo(scope, access, input.messageId);
  const read = await commit(scope, (change) => moveReadPosition(scope, change, access, upTo));
  if (read !== undefined) {
    publishEphemeral(services, {
      stream: roomStream(access.room.id),
      event: { kind: "others_read_moved", read },
      snapshots: { users: [actor], messages: [] },
      key: `read:${access.room.id}:${actor.id}`,
      pace: { group: "read", everyMs: OTHERS_PACE_MS },
    });
  }
  return access.room.id;
}

/** The number of the message to read up to; null for the newest. */
async function numberUpTo(scope: Scope, access: Access, messageId: MarkRead["messageId"]): Promise<number | null> {
  if (messageId === undefined) return null;
  const message = await requireMessage(scope.em, scope.actor.id, messageId);
  if (message.roomId !== access.room.id) throw notFound("This message");
  return message.no;
}

async function moveReadPosition(
  { actor }: Scope,
  { tx, emit }: Change,
  { room }: Access,
  upTo: number | null,
): Promise<ReadPosition | undefined> {
  const row = await queryOne<{ read_no: number; last_read_at: Date | string }>(
    tx,
    sql`update chat_participant p set read_no = coalesce(${upTo}::int, s.last_no), last_read_at = clock_timestamp()
        from feed_stream s where s.id = ${roomStream(room.id)} and p.room_id = ${room.id} and p.user_id = ${actor.id}
          and p.read_no < coalesce(${upTo}::int, s.last_no)
        returning p.read_no, p.last_read_at`,
  );
  if (row === undefined) return undefined;
  const [lastReadMessageId] = await readMessageIds(tx, [{ roomId: room.id, no: row.read_no }]);
  const [viewed] = await viewedRoomsByIds(tx, actor.id, [room.id]);
  if (viewed === undefined) return undefined;
  const { headSeq, unreadCount, unreadMentionCount } = viewed.state;
  const read = {
    roomId: room.id,
    userId: actor.id,
    lastReadAt: toIsoTime(row.last_read_at),
    lastReadMessageId: lastReadMessageId ?? null,
  };
  const event = { kind: "read_moved", read, unread: { headSeq, unreadCount, unreadMentionCount } } as const;
  await emit({ stream: userStream(actor.id), event, actorId: actor.id, snapshots: { users: [actor], messages: [] } });
  return read;
}
