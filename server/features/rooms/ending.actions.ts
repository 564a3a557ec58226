import type { UserId } from "../../platform/ids.js";
import { intArray, jsonb, query, sql } from "../../platform/sql.js";
import { toIsoTime, type IsoTime } from "../../platform/time.js";
import { usersByIds } from "../directory/directory.queries.js";
import type { AuditEntry } from "../audit/audit.js";
import type { Change, Draft } from "../feed/feed.actions.js";
import { roomStream, userStream } from "../feed/stream.js";
import { participantsOf, roomColumns, toRoom } from "./room.queries.js";
import type { Participant, ParticipantId, Room, RoomId } from "./room.js";

/** Participations that end, and by whom: null when it is the host product's doing. */
export interface Ending {
  readonly leaving: readonly Pick<Participant, "id" | "roomId">[];
  readonly actorId: UserId | null;
}

/**
 * Ends participations in rooms whose streams are locked, in a constant number of statements. The longest-standing of
 * those who stay becomes the owner when the owner goes; with the last one goes the room.
 */
export async function endParticipations(change: Change, { leaving, actorId }: Ending): Promise<void> {
  if (leaving.length === 0) return;
  const departures = await departuresFrom(change, leaving);
  const emptied = departures.filter(({ rest }) => rest.length === 0);
  const left = await leaveRooms(
    change,
    departures.filter(({ rest }) => rest.length > 0),
  );
  await deleteRooms(
    change,
    emptied.map(({ room }) => room.id),
  );
  await change.audit([...departures.filter(({ rest }) => rest.length > 0).flatMap(removed), ...emptied.map(deleted)]);
  await change.emitAll([...(await removals(change, left, actorId)), ...deletions(emptied, actorId)]);
  await change.emitAll(farewells(departures, actorId));
}

/** Takes a room whose stream is locked away from everybody: rows, words and log; what stays is that it was deleted. */
export async function removeRoom(change: Change, roomId: RoomId, actorId: UserId | null): Promise<void> {
  await endParticipations(change, { leaving: await participantsOf(change.tx, [roomId]), actorId });
}

/** What happens to one room: who goes and who stays, longest-standing first. */
interface Departure {
  readonly room: Room;
  readonly gone: readonly Participant[];
  readonly rest: readonly Participant[];
}

/** Looks again, now that the rooms are locked: somebody may have gone by themselves meanwhile. */
async function departuresFrom({ tx }: Change, leaving: Ending["leaving"]): Promise<readonly Departure[]> {
  const ids = new Set<ParticipantId>(leaving.map(({ id }) => id));
  const roomIds = [...new Set(leaving.map(({ roomId }) => roomId))];
  const rows = await query<Parameters<typeof toRoom>[0]>(
    tx,
    sql`select ${roomColumns} from chat_room r where r.id = any(${intArray(roomIds)}) order by r.id`,
  );
  const present = Map.groupBy(await participantsOf(tx, roomIds), ({ roomId }) => roomId);
  const departures = rows.map(toRoom).map((room) => {
    const people = present.get(room.id) ?? [];
    return { room, gone: people.filter(({ id }) => ids.has(id)), rest: people.filter(({ id }) => !ids.has(id)) };
  });
  return departures.filter(({ gone }) => gone.length > 0);
}

/** A room that goes on, as it is without those who left. */
interface Left extends Departure {
  readonly ownerId: UserId | null;
  readonly updatedAt: IsoTime;
}

async function leaveRooms({ tx }: Change, departures: readonly Departure[]): Promise<readonly Left[]> {
  if (departures.length === 0) return [];
  const owners = departures.map(({ room, gone, rest }) => {
    const ownerGoes = gone.some(({ userId }) => userId === room.ownerId);
    return { id: room.id, owner: ownerGoes ? (rest[0]?.userId ?? null) : room.ownerId };
  });
  const ids = departures.flatMap(({ gone }) => gone.map(({ id }) => id));
  await query(tx, sql`delete from chat_participant where id = any(${intArray(ids)})`);
  // With a participation end the addresses of files that were handed out until now.
  const rows = await query<{ id: RoomId; owner_id: UserId | null; updated_at: Date | string }>(
    tx,
    sql`update chat_room r set owner_id = x.owner, updated_at = clock_timestamp(), media_generation = media_generation + 1
        from jsonb_to_recordset(${jsonb(owners)}) as x(id int, owner int) where r.id = x.id
        returning r.id, r.owner_id, r.updated_at`,
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  return departures.map((departure) => {
    const row = stored.get(departure.room.id);
    if (row === undefined) throw new Error(`Room ${departure.room.id} has gone while its stream was locked.`);
    return { ...departure, ownerId: row.owner_id, updatedAt: toIsoTime(row.updated_at) };
  });
}

/** So many rows are deleted by one statement, well within the time that a statement has. */
const DELETE_BATCH = 20_000;

async function deleteRooms({ tx }: Change, roomIds: readonly RoomId[]): Promise<void> {
  if (roomIds.length === 0) return;
  const batches = [
    sql`delete from chat_message where id in (
          select id from chat_message where room_id = any(${intArray(roomIds)}) limit ${DELETE_BATCH}) returning 1`,
    sql`delete from feed_entry where (stream, seq) in (
          select stream, seq from feed_entry where stream = any(${`{${roomIds.map(roomStream).join(",")}}`}::text[])
          limit ${DELETE_BATCH}) returning 1`,
  ];
  for (const batch of batches) while ((await query(tx, batch)).length === DELETE_BATCH);
  await query(tx, sql`delete from chat_room where id = any(${intArray(roomIds)})`);
}

async function removals({ tx }: Change, left: readonly Left[], actorId: UserId | null): Promise<readonly Draft[]> {
  const named = left.flatMap(({ gone, ownerId }) => [
    ...gone.map(({ userId }) => userId),
    ...(ownerId === null ? [] : [ownerId]),
  ]);
  const people = new Map((await usersByIds(tx, named)).map((user) => [user.id, user]));
  return left.flatMap(({ room, gone, ownerId, updatedAt }) =>
    gone.map((participant) => {
      const users = [participant.userId, ownerId].flatMap((id) => (id === null ? [] : (people.get(id) ?? [])));
      const event = { kind: "participant_removed", participant, ownerId, updatedAt } as const;
      return { stream: roomStream(room.id), event, actorId, snapshots: { users, messages: [] } };
    }),
  );
}

const deletions = (emptied: readonly Departure[], actorId: UserId | null): readonly Draft[] =>
  emptied.map(({ room: { id } }) => {
    return { stream: roomStream(id), event: { kind: "room_deleted", roomId: id }, actorId };
  });

const removed = ({ gone }: Departure): readonly AuditEntry[] =>
  gone.map(({ roomId, userId }) => ({ action: "participant_removed", roomId, userId }));

/** With the room go those who were still in it: at last a single one, unless it was deleted. */
const deleted = ({ room, gone }: Departure): AuditEntry => ({
  action: "room_deleted",
  roomId: room.id,
  details: { participants: gone.length },
});

/** What those who are out hear of it, in their own streams. */
const farewells = (departures: readonly Departure[], actorId: UserId | null): readonly Draft[] =>
  departures
    .flatMap(({ gone }) => gone)
    .toSorted((a, b) => a.userId - b.userId || a.roomId - b.roomId)
    .map(({ userId, roomId }) => ({ stream: userStream(userId), event: { kind: "room_left", roomId }, actorId }));
