import type { SqlEntityManager } from "@mikro-orm/sql";
import { DomainError, notFound } from "../../platform/errors.js";
import { parseId, type UserId } from "../../platform/ids.js";
import { prepared, sql } from "../../platform/sql.js";
import { roomColumns, toParticipant, toRoom, type ParticipantRow } from "./room.queries.js";
import type { Participant, Room, RoomId } from "./room.js";

/** The proof that somebody is in a room: rules that need it take this instead of an id. */
export interface Access {
  readonly room: Room;
  readonly participant: Participant;
}

/**
 * The one gate to everything in a room.
 * @param id the room as a client named it; what could never be an id does not exist either
 * @throws DomainError NOT_FOUND: absent, or not theirs to see, which is the same answer
 */
export async function requireParticipant(
  em: SqlEntityManager,
  userId: UserId,
  id: RoomId | string | number,
): Promise<Access> {
  const [row] = await readAccess(em, { userId, roomId: parseId<RoomId>(id) ?? 0 });
  if (row === undefined) throw noSuchRoom(id);
  return { room: toRoom(row), participant: toParticipant(row.participant) };
}

type AccessRow = Parameters<typeof toRoom>[0] & { readonly participant: ParticipantRow };

const readAccess = prepared<{ readonly userId: UserId; readonly roomId: number }, AccessRow>(
  ({ userId, roomId }) => sql`select ${roomColumns}, to_jsonb(p) as participant
    from chat_participant p join chat_room r on r.id = p.room_id where p.room_id = ${roomId} and p.user_id = ${userId}`,
);

/** A room that is absent, or not theirs to see; as a client named it. */
export function noSuchRoom(id: RoomId | string | number): DomainError {
  const roomId = parseId<RoomId>(id);
  return notFound("This room", roomId === undefined ? {} : { roomId });
}

/** @throws DomainError CONFLICT when the room is direct: its two people and its name are what it is. */
export function requireGroup({ room }: Access): void {
  if (room.type === "direct")
    throw new DomainError("CONFLICT", "A direct room belongs to its two people and can't be changed.");
}

/** @throws DomainError FORBIDDEN when it is not this person's room to rename, to empty or to delete. */
export function requireOwner({ room, participant }: Access): void {
  if (room.ownerId !== participant.userId)
    throw new DomainError("FORBIDDEN", "Only the owner of the room may do this.", {}, { roomId: room.id });
}
