import type { SqlEntityManager } from "@mikro-orm/sql";
import { parseId, type UserId } from "../../platform/ids.js";
import { grouped } from "../../platform/loaders.js";
import { intArray, prepared, query, queryOnePrepared, sql, type RawBuilder } from "../../platform/sql.js";
import { toIsoTime, toIsoTimeOrNull } from "../../platform/time.js";
import type { Project, ProjectId, User } from "../directory/directory.js";
import {
  projectColumns,
  toProject,
  toUser,
  userColumns,
  type ProjectRow,
  type UserRow,
} from "../directory/directory.queries.js";
import { withPeople } from "../directory/people.queries.js";
import { streams, type Head } from "../feed/feed.queries.js";
import { userStream, type StreamId } from "../feed/stream.js";
import type { Participant, ParticipantId, Room, RoomId, RoomState, RoomType, ViewedRoom } from "./room.js";

interface RoomRow {
  readonly id: RoomId;
  readonly name: string;
  readonly type: RoomType;
  readonly project_id: ProjectId;
  readonly created_by_id: UserId | null;
  readonly owner_id: UserId | null;
  readonly created_at: Date | string;
  readonly updated_at: Date | string;
}

interface StateRow {
  readonly id: RoomId;
  readonly epoch: string;
  readonly head_seq: number;
  readonly unread: number;
  readonly unread_mentions: number;
}

export interface ParticipantRow {
  readonly id: ParticipantId;
  readonly room_id: RoomId;
  readonly user_id: UserId;
  readonly joined_at: Date | string;
  readonly last_read_at: Date | string | null;
  readonly read_no: number;
}

export const roomColumns = sql`r.id, r.name, r.type, r.project_id, r.created_by_id, r.owner_id, r.created_at, r.updated_at`;
export const participantColumns = sql`p.id, p.room_id, p.user_id, p.joined_at, p.last_read_at, p.read_no`;

/**
 * Unread is a subtraction: the newest number less the one that was read, less what was deleted in between. One
 * statement reads it together with the head, so that events after the head add up to the truth.
 */
const stateColumns = sql`
  o.epoch || '.' || s.epoch as epoch, s.last_seq as head_seq,
  s.last_no - p.read_no - (
    select count(*)::int from chat_message d where d.room_id = r.id and d.no > p.read_no and d.deleted_at is not null) as unread,
  (select count(*)::int from chat_mention n where n.user_id = p.user_id and n.room_id = r.id and n.no > p.read_no) as unread_mentions`;

/** Rooms of one viewer: everything else does not exist for them. */
const viewedRooms = (viewerId: RawBuilder<UserId>): RawBuilder<unknown> => sql`
  from chat_participant p
  join chat_room r on r.id = p.room_id
  join feed_stream s on s.id = 'r' || r.id
  join feed_origin o on o.id = 1
  where p.user_id = ${viewerId}`;

export function toRoom(row: RoomRow): Room {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    projectId: row.project_id,
    createdById: row.created_by_id,
    ownerId: row.owner_id,
    createdAt: toIsoTime(row.created_at),
    updatedAt: toIsoTime(row.updated_at),
  };
}

export function toParticipant(row: ParticipantRow): Participant {
  return {
    id: row.id,
    roomId: row.room_id,
    userId: row.user_id,
    joinedAt: toIsoTime(row.joined_at),
    lastReadAt: toIsoTimeOrNull(row.last_read_at),
    readNo: row.read_no,
  };
}

function toState(row: StateRow): RoomState {
  return { epoch: row.epoch, headSeq: row.head_seq, unreadCount: row.unread, unreadMentionCount: row.unread_mentions };
}

const toViewedRoom = (row: RoomRow & StateRow): ViewedRoom => ({ ...toRoom(row), state: toState(row) });

/** The viewer's rooms with these numbers, in any order; the others are left out. */
export async function viewedRoomsByIds(
  em: SqlEntityManager,
  viewerId: UserId,
  ids: readonly RoomId[],
): Promise<readonly ViewedRoom[]> {
  return ids.length === 0 ? [] : (await readViewedRooms(em, { viewerId, ids })).map(toViewedRoom);
}

const readViewedRooms = prepared<{ readonly viewerId: UserId; readonly ids: readonly RoomId[] }, RoomRow & StateRow>(
  ({ viewerId, ids }) =>
    sql`select ${roomColumns}, ${stateColumns} ${viewedRooms(viewerId)} and r.id = any(${ids}::int[])`,
);

/** One room of the viewer's, by an id as a client sent it. */
export async function viewedRoom(em: SqlEntityManager, viewerId: UserId, id: string): Promise<ViewedRoom | undefined> {
  const roomId = parseId<RoomId>(id);
  if (roomId === undefined) return undefined;
  const [room] = await viewedRoomsByIds(em, viewerId, [roomId]);
  return room;
}

/** A place in the list of rooms: latest activity first, then the highest number. */
export interface RoomPlace {
  /** Microseconds since 1970, as text: more digits than a JavaScript time has. */
  readonly updatedAtMicros: string;
  readonly id: number;
}

export interface RoomListing {
  readonly after?: RoomPlace | undefined;
  readonly before?: RoomPlace | undefined;
  readonly limit: number;
  /** Which end of the list is wanted when there are more than `limit`. */
  readonly from: "start" | "end";
}

export type ListedRoom = ViewedRoom & { readonly place: RoomPlace };
type ListedRow = RoomRow & StateRow & { readonly place: string };

/** Rooms of the viewer's with what every list shows of them: their projects, owners and creators. */
export interface RoomList {
  /** Where the viewer's own stream stood at the moment of the list. */
  readonly head: Head | undefined;
  readonly rooms: readonly ListedRoom[];
  readonly users: readonly User[];
  readonly projects: readonly Project[];
}

interface ListRow {
  readonly head: Head | null;
  readonly rooms: readonly ListedRow[] | null;
  readonly users: readonly UserRow[] | null;
  readonly projects: readonly ProjectRow[] | null;
}

/**
 * A part of the viewer's room list, latest activity first (from the end: last), with one more than `limit` when there are more.
 * @param projectIds so many of each of these projects, instead of all rooms together
 */
export async function listRooms(
  em: SqlEntityManager,
  viewerId: UserId,
  listing: RoomListing,
  projectIds?: readonly ProjectId[],
): Promise<RoomList> {
  const direction = listing.from === "start" ? sql`desc` : sql`asc`;
  const found =
    projectIds === undefined
      ? pageOfRooms(viewerId, listing, sql``)
      : sql`select q.* from unnest(${intArray(projectIds)}) as w(project_id)
            cross join lateral (${pageOfRooms(viewerId, listing, sql`and r.project_id = w.project_id`)}) q`;
  const row = await queryOnePrepared<ListRow>(
    em,
    sql`with f as materialized (${found})
        select (
          select json_build_object('stream', s.id, 'epoch', s.epoch, 'seq', s.seq)
          from ${streams(sql`(select ${userStream(viewerId)}::text as stream)`)}) as head,
        (select json_agg(f order by f.updated_at ${direction}, f.id ${direction}) from f) as rooms,
        (select json_agg(n) from (
          select ${userColumns} from chat_user u where u.id in (select owner_id from f union select created_by_id from f)) n) as users,
        (select json_agg(n) from (
          select ${projectColumns} from chat_project p where p.id in (select project_id from f)) n) as projects`,
  );
  return {
    head: row?.head ?? undefined,
    rooms: (row?.rooms ?? []).map(toListedRoom),
    users: (row?.users ?? []).map(toUser),
    projects: (row?.projects ?? []).map(toProject),
  };
}

function pageOfRooms(viewerId: UserId, listing: RoomListing, which: RawBuilder<unknown>): RawBuilder<unknown> {
  const key = sql`(extract(epoch from r.updated_at) * 1000000)::bigint`;
  const bound = (place: RoomPlace | undefined, comparison: RawBuilder<unknown>): RawBuilder<unknown> =>
    place === undefined ? sql`` : sql`and (${key}, r.id) ${comparison} (${place.updatedAtMicros}::bigint, ${place.id})`;
  const direction = listing.from === "start" ? sql`desc` : sql`asc`;
  return sql`select ${roomColumns}, ${stateColumns}, ${key}::text as place ${viewedRooms(sql`${viewerId}`)} ${which}
        ${bound(listing.after, sql`<`)} ${bound(listing.before, sql`>`)}
        order by r.updated_at ${direction}, r.id ${direction} limit ${listing.limit + 1}`;
}

const toListedRoom = (row: ListedRow): ListedRoom => ({
  ...toViewedRoom(row),
  place: { updatedAtMicros: row.place, id: row.id },
});

/** The participants of these rooms, longest-standing first: for verbs, which hold the room's lock. */
export async function participantsOf(
  em: SqlEntityManager,
  roomIds: readonly RoomId[],
): Promise<readonly Participant[]> {
  if (roomIds.length === 0) return [];
  const rows = await query<ParticipantRow>(
    em,
    sql`select ${participantColumns} from chat_participant p where p.room_id = any(${intArray(roomIds)})
        order by p.joined_at, p.id`,
  );
  return rows.map(toParticipant);
}

/** Of those rooms that the viewer is in now the participants, longest-standing first, and who they are. */
export async function participantsInView(
  em: SqlEntityManager,
  viewerId: UserId,
  roomIds: readonly RoomId[],
): Promise<{ readonly participants: readonly Participant[]; readonly users: readonly User[] }> {
  if (roomIds.length === 0) return { participants: [], users: [] };
  const { rows, users } = await readParticipants(em, { viewerId, roomIds });
  return { participants: rows.map(toParticipant), users };
}

const readParticipants = withPeople<{ readonly viewerId: UserId; readonly roomIds: readonly RoomId[] }, ParticipantRow>(
  ({ viewerId, roomIds }) => ({
    // As an array: the planner takes it for short, and reads these rooms' participants and not through all there are.
    select: sql`select ${participantColumns} from chat_participant p where p.room_id = any(array(
        select mine.room_id from chat_participant mine where mine.user_id = ${viewerId} and mine.room_id = any(${roomIds}::int[])))`,
    columns: { id: true, room_id: true, user_id: true, joined_at: true, last_read_at: true, read_no: true },
    order: sql`f.joined_at, f.id`,
  }),
);

/** Participants by their own numbers, as far as the viewer is in the same room. */
export async function viewedParticipants(
  em: SqlEntityManager,
  viewerId: UserId,
  ids: readonly ParticipantId[],
): Promise<readonly Participant[]> {
  if (ids.length === 0) return [];
  const rows = await query<ParticipantRow>(
    em,
    sql`select ${participantColumns} from chat_participant p join chat_participant mine on mine.room_id = p.room_id
        where mine.user_id = ${viewerId} and p.id = any(${intArray(ids)})`,
  );
  return rows.map(toParticipant);
}

/** Where the room's stream stands, if this person is in the room now: one statement, so that both are of one moment. */
export async function participantHead(
  em: SqlEntityManager,
  viewerId: UserId,
  roomId: RoomId,
): Promise<Head | undefined> {
  return queryOnePrepared<Head>(
    em,
    sql`select s.id as stream, s.epoch, s.seq from ${streams(sql`(
          select 'r' || p.room_id as stream from chat_participant p where p.room_id = ${roomId} and p.user_id = ${viewerId})`)}`,
  );
}

/** Where the viewer's own stream and those of all their rooms stand, in one statement; their own comes first. */
export async function viewerHeads(em: SqlEntityManager, viewerId: UserId): Promise<readonly Head[]> {
  const own: StreamId = userStream(viewerId);
  return query<Head>(
    em,
    sql`select s.id as stream, s.epoch, s.seq from ${streams(sql`(
          select ${own}::text as stream
          union all select 'r' || p.room_id from chat_participant p where p.user_id = ${viewerId})`)}
        order by s.id = ${own} desc, s.id`,
  );
}

/** The rooms that each of these people is in, in their order. */
export async function roomIdsOf(
  em: SqlEntityManager,
  userIds: readonly UserId[],
): Promise<readonly (readonly RoomId[])[]> {
  const rows = await query<{ user_id: UserId; room_id: RoomId }>(
    em,
    sql`select user_id, room_id from chat_participant where user_id = any(${intArray(userIds)})`,
  );
  return grouped(userIds, rows, (row) => row.user_id).map((own) => own.map((row) => row.room_id));
}
