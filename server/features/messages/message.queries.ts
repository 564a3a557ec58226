import type { SqlEntityManager } from "@mikro-orm/sql";
import type { UserId } from "../../platform/ids.js";
import { grouped } from "../../platform/loaders.js";
import { intArray, queryOnePrepared, queryPrepared, sql, textArray, type RawBuilder } from "../../platform/sql.js";
import { toIsoTime, toIsoTimeOrNull } from "../../platform/time.js";
import type { Attachment } from "../attachments/attachment.js";
import { attachmentColumn } from "../attachments/attachment.queries.js";
import type { User } from "../directory/directory.js";
import { toUser, userColumns, usersByIds, type UserRow } from "../directory/directory.queries.js";
import { withPeople, type Columns, type Found } from "../directory/people.queries.js";
import { messageIdsOf, userIdsOf, type ChatEvent, type Snapshots } from "../feed/room-event.js";
import type { RoomId } from "../rooms/room.js";
import type { Message, MessageId, MessageType } from "./message.js";

export interface MessageRow {
  readonly id: MessageId;
  readonly room_id: RoomId;
  readonly user_id: UserId;
  readonly no: number;
  readonly content: string;
  readonly type: MessageType;
  readonly attachment: Attachment | null;
  readonly mention_ids: readonly UserId[] | null;
  readonly edited_at: Date | string | null;
  readonly is_deleted: boolean;
  readonly client_key: string | null;
  readonly created_at: Date | string;
  readonly updated_at: Date | string;
}

export const messageColumns = sql`
  m.id, m.room_id, m.user_id, m.no, m.content, m.type, m.edited_at, m.deleted_at is not null as is_deleted, m.client_key, m.created_at, m.updated_at,
  (select json_agg(n.user_id order by n.user_id) from chat_mention n where n.message_id = m.id) as mention_ids, ${attachmentColumn}`;

/** The names of {@link messageColumns}. */
const MESSAGE_COLUMNS: Columns<MessageRow> = {
  id: true,
  room_id: true,
  user_id: true,
  no: true,
  content: true,
  type: true,
  attachment: true,
  mention_ids: true,
  edited_at: true,
  is_deleted: true,
  client_key: true,
  created_at: true,
  updated_at: true,
};

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    roomId: row.room_id,
    userId: row.user_id,
    no: row.no,
    content: row.content,
    type: row.type,
    attachment: row.attachment,
    mentionIds: row.mention_ids ?? [],
    editedAt: toIsoTimeOrNull(row.edited_at),
    isDeleted: row.is_deleted,
    clientKey: row.client_key,
    createdAt: toIsoTime(row.created_at),
    updatedAt: toIsoTime(row.updated_at),
  };
}

async function selectMessages(em: SqlEntityManager, rest: RawBuilder<unknown>): Promise<readonly Message[]> {
  const rows = await queryPrepared<MessageRow>(em, sql`select ${messageColumns} from chat_message m ${rest}`);
  return rows.map(toMessage);
}

/** Messages by number, deleted ones too (emptied). For edges and events whose start was already authorised. */
export async function messagesByIds(em: SqlEntityManager, ids: readonly MessageId[]): Promise<readonly Message[]> {
  return ids.length === 0 ? [] : selectMessages(em, sql`where m.id = any(${intArray(ids)})`);
}

/** Of these messages, those that the viewer may see now: in rooms that they are in, and not deleted. */
export async function viewedMessagesByIds(
  em: SqlEntityManager,
  viewerId: UserId,
  ids: readonly MessageId[],
): Promise<readonly Message[]> {
  if (ids.length === 0) return [];
  return selectMessages(
    em,
    sql`join chat_participant p on p.room_id = m.room_id and p.user_id = ${viewerId}
        where m.id = any(${intArray(ids)}) and m.deleted_at is null`,
  );
}

/** The newest message of each room that is not deleted, of those rooms that the viewer is in now, and their authors. */
export async function lastMessagesOf(
  em: SqlEntityManager,
  { viewerId, roomIds }: RoomsInView,
): Promise<{ readonly messages: readonly Message[]; readonly users: readonly User[] }> {
  if (roomIds.length === 0) return { messages: [], users: [] };
  const { rows, users } = await readLastMessages(em, { viewerId, roomIds });
  return { messages: rows.map(toMessage), users };
}

const readLastMessages = withPeople<RoomsInView, MessageRow>(({ viewerId, roomIds }) => ({
  columns: MESSAGE_COLUMNS,
  select: sql`select ${messageColumns} from unnest(${roomIds}::int[]) as x(room_id)
      join chat_participant p on p.room_id = x.room_id and p.user_id = ${viewerId} cross join lateral (
        select * from chat_message c where c.room_id = x.room_id and c.deleted_at is null order by c.no desc limit 1) m`,
  order: sql`f.id`,
}));

export interface MessageWindow {
  /** Only messages with a higher number. */
  readonly afterNo?: number | undefined;
  /** Only messages with a lower number. */
  readonly beforeNo?: number | undefined;
  readonly limit: number;
  /** Which end is wanted when there are more than `limit`. */
  readonly from: "oldest" | "newest";
}

/** Whose view of which rooms: a room that the viewer is not in at that moment has no history. */
export interface RoomsInView {
  readonly viewerId: UserId;
  readonly roomIds: readonly RoomId[];
}

/** Parts of the histories of rooms, in the order of the rooms, what was read beside their messages, and all people in it. */
export interface Histories<Beside> {
  readonly histories: readonly (readonly Message[])[];
  readonly beside: readonly Beside[];
  readonly users: readonly User[];
}

/** A part of each room's history, ascending, with one more than `limit` when there are more. */
type ReadHistories<Beside> = (
  em: SqlEntityManager,
  rooms: RoomsInView,
  window: MessageWindow,
) => Promise<Histories<Beside>>;

/** The largest number that the database has for a message. */
const LAST_NO = 2_147_483_647;

/** How histories are read. @param beside what a later feature has read of their messages, in the same statement */
export function historiesWith<Beside = never>(beside?: Found<Beside>): ReadHistories<Beside> {
  const ends = { oldest: historiesFrom("oldest", beside), newest: historiesFrom("newest", beside) };
  return async (em, rooms, { afterNo = 0, beforeNo = LAST_NO, limit, from }) => {
    const found = await ends[from](em, { ...rooms, afterNo, beforeNo, limit: limit + 1 });
    const histories = grouped(rooms.roomIds, found.rows.map(toMessage), (message) => message.roomId);
    return { histories, beside: found.beside, users: found.users };
  };
}

export const historiesOf = historiesWith();

type HistoriesParameters = RoomsInView & Required<Omit<MessageWindow, "from">>;

function historiesFrom<Beside>(end: MessageWindow["from"], beside: Found<Beside> | undefined) {
  return withPeople<HistoriesParameters, MessageRow, Beside>(
    ({ viewerId, roomIds, afterNo, beforeNo, limit }) => ({
      columns: MESSAGE_COLUMNS,
      select: sql`select ${messageColumns} from unnest(${roomIds}::int[]) as x(room_id)
          join chat_participant p on p.room_id = x.room_id and p.user_id = ${viewerId} cross join lateral (
            select * from chat_message c where c.room_id = x.room_id and c.deleted_at is null
            and c.no > ${afterNo} and c.no < ${beforeNo}
            order by c.no ${end === "oldest" ? sql`asc` : sql`desc`} limit ${limit}) m`,
      order: sql`f.room_id, f.no`,
    }),
    beside,
  );
}

/** What was sent under this key by this person, and the digest of what they sent; undefined when nothing was. */
export async function messageByKey(
  em: SqlEntityManager,
  userId: UserId,
  key: string,
): Promise<{ message: Message; digest: string | null } | undefined> {
  const row = await queryOnePrepared<MessageRow & { client_digest: string | null }>(
    em,
    sql`select ${messageColumns}, m.client_digest from chat_message m where m.user_id = ${userId} and m.client_key = ${key}`,
  );
  return row && { message: toMessage(row), digest: row.client_digest };
}

/** Selects the participants of a room who bear one of these names: an array of texts, in lower case. */
export function namedParticipants(roomId: RawBuilder<RoomId>, names: RawBuilder<unknown>): RawBuilder<UserRow> {
  return sql<UserRow>`select ${userColumns} from chat_participant p join chat_user u on u.id = p.user_id
    where ${names} <> '{}' and p.room_id = ${roomId} and u.deleted_at is null and lower(u.username) = any(${names})`;
}

/** Of these usernames (lower case), the participants of the room who bear them. */
export async function participantsNamed(
  em: SqlEntityManager,
  roomId: RoomId,
  usernames: readonly string[],
): Promise<readonly User[]> {
  if (usernames.length === 0) return [];
  const rows = await queryPrepared(em, namedParticipants(sql`${roomId}`, textArray(usernames)));
  return rows.map(toUser);
}

/** For each message, the number of the newest undeleted message up to the given number: what a read position points at. */
export async function readMessageIds(
  em: SqlEntityManager,
  positions: readonly { readonly roomId: RoomId; readonly no: number }[],
): Promise<readonly (MessageId | null)[]> {
  if (positions.length === 0) return [];
  const rows = await queryPrepared<{ id: MessageId | null }>(
    em,
    sql`select (select m.id from chat_message m where m.room_id = x.room_id and m.no <= x.no and m.deleted_at is null order by m.no desc limit 1) as id
        from unnest(${intArray(positions.map((p) => p.roomId))}, ${intArray(positions.map((p) => p.no))}) with ordinality as x(room_id, no, place)
        order by x.place`,
  );
  return rows.map((row) => row.id);
}

/** The people and messages that these events name, as they are now: what followers need to show them. */
export async function snapshotsOf(em: SqlEntityManager, events: readonly ChatEvent[]): Promise<Snapshots> {
  const messages = await messagesByIds(em, [...new Set(events.flatMap(messageIdsOf))]);
  const named = [
    ...events.flatMap(userIdsOf),
    ...messages.flatMap((message) => [message.userId, ...message.mentionIds]),
  ];
  return { users: await usersByIds(em, [...new Set(named)]), messages };
}
