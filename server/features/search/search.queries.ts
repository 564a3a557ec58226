import type { SqlEntityManager } from "@mikro-orm/sql";
import { parseId, type UserId } from "../../platform/ids.js";
import { intArray, query, queryOne, sql, type RawBuilder } from "../../platform/sql.js";
import type { ProjectId } from "../directory/directory.js";
import { messageColumns, toMessage, type MessageRow } from "../messages/message.queries.js";
import type { Message } from "../messages/message.js";
import type { RoomId } from "../rooms/room.js";
import { candidates, folded, needles, type Needle } from "./search-match.queries.js";
import type { Closeness, SearchedThing, SearchQuery } from "./search.js";

/** What to look through, in numbers, and what for: the planner then knows how much that is. */
export interface Haystack {
  /** Those of the viewer's rooms that are asked for. */
  readonly roomIds: readonly RoomId[];
  /** Those who are asked for; undefined: anybody. */
  readonly authorIds: readonly UserId[] | undefined;
  /** The highest number of any message; 0 when there is none. */
  readonly newestId: number;
  /** All the terms that are asked for. */
  readonly needles: readonly Needle[];
}

/** Whose search, and in which of their rooms if not in all. */
export interface Search {
  readonly viewerId: UserId;
  readonly query: SearchQuery;
  readonly roomId?: RoomId | undefined;
  readonly projectId?: ProjectId | undefined;
}

interface HaystackRow {
  readonly room_ids: readonly RoomId[];
  readonly author_ids: readonly UserId[];
  readonly newest_id: number;
  readonly needles: readonly Needle[];
}

/** Finds the rooms and people that a search names, and the words in its terms. */
export async function haystackOf(em: SqlEntityManager, search: Search): Promise<Haystack> {
  const { viewerId, query: asked } = search;
  const row = await queryOne<HaystackRow>(
    em,
    sql`select ${needles(asked.terms)} as needles, array(${roomsOf(search)}) as room_ids, coalesce((select max(id) from chat_message), 0) as newest_id,
          array(${asked.from.length === 0 ? sql`select 0 where false` : authors(asked.from, viewerId)}) as author_ids`,
  );
  if (row === undefined) throw new Error("The database gave no answer.");
  return {
    roomIds: row.room_ids,
    authorIds: asked.from.length === 0 ? undefined : row.author_ids,
    newestId: row.newest_id,
    needles: row.needles,
  };
}

/** A part of the messages that match this closely, and no closer. */
export interface SearchRange {
  readonly closeness: Closeness;
  /** Only messages with this number or a higher one. */
  readonly from?: number | undefined;
  /** Only messages with a lower number. */
  readonly below?: number | undefined;
  readonly limit: number;
}

/** Messages in rooms that the viewer is in now, newest first, at most `limit`. */
export async function matchesOf(
  em: SqlEntityManager,
  { viewerId, query: asked, haystack }: Pick<Search, "viewerId" | "query"> & { readonly haystack: Haystack },
  { from, below, closeness, limit }: SearchRange,
): Promise<readonly Message[]> {
  const { roomIds, authorIds } = haystack;
  if (roomIds.length === 0 || authorIds?.length === 0) return [];
  const conditions = [
    sql`m.deleted_at is null and m.room_id = any(${intArray(roomIds)})`,
    ...(authorIds === undefined ? [] : [sql`m.user_id = any(${intArray(authorIds)})`]),
    ...(from === undefined ? [] : [sql`m.id >= ${from}`]),
    ...(below === undefined ? [] : [sql`m.id < ${below}`]),
    ...passing(asked),
  ];
  // "+ 0": walking down the key until enough are found looks cheap, and reads the whole table when they are all old.
  const newest = candidates(haystack.needles, closeness).map(
    ({ source, matching }) =>
      sql`(select m.id from ${source} where ${sql.join([...conditions, ...matching], sql` and `)} order by m.id + 0 desc limit ${limit})`,
  );
  const rows = await query<MessageRow>(
    em,
    sql`select ${messageColumns} from (select id from (${sql.join(newest, sql` union `)}) newest order by id desc limit ${limit}) found
        join chat_message m on m.id = found.id
        join chat_participant p on p.room_id = m.room_id and p.user_id = ${viewerId}
        order by m.id desc`,
  );
  return rows.map(toMessage);
}

const withThing: Readonly<Record<SearchedThing, RawBuilder<unknown>>> = {
  file: sql`m.type in ('file', 'image')`,
  image: sql`m.type = 'image'`,
  link: sql`chat_search_fold_v1(m.content) ~ 'https?://[^[:space:]]'`,
};

function passing({ has, afterMs, beforeMs }: SearchQuery): readonly RawBuilder<unknown>[] {
  const moment = (ms: number) => sql`'epoch'::timestamptz + ${ms}::bigint * interval '1 millisecond'`;
  return [
    ...has.map((thing) => withThing[thing]),
    ...(afterMs === undefined ? [] : [sql`m.created_at >= ${moment(afterMs)}`]),
    ...(beforeMs === undefined ? [] : [sql`m.created_at < ${moment(beforeMs)}`]),
  ];
}

function authors(names: readonly string[], viewerId: UserId): RawBuilder<unknown> {
  const isMe = names.some((name) => name.toLowerCase() === "me");
  return sql`select u.id from chat_user u where ${named(names)} ${isMe ? sql`or u.id = ${viewerId}` : sql``}`;
}

/** Who bears one of these names, with or without the @ before a username; a deleted person has none. */
function named(names: readonly string[]): RawBuilder<unknown> {
  const wanted = sql.join(names.map((name) => folded(name.replace(/^@/, ""))));
  return sql`u.deleted_at is null and (chat_search_fold_v1(u.username) in (${wanted}) or chat_search_fold_v1(u.display_name) in (${wanted}))`;
}

/** The rooms to search: those that the viewer is in now, as far as they are asked for. */
function roomsOf({ viewerId, roomId, projectId, query: { in: names } }: Search): RawBuilder<unknown> {
  const conditions = [
    sql`p.user_id = ${viewerId}`,
    ...(roomId === undefined ? [] : [sql`p.room_id = ${roomId}`]),
    ...(projectId === undefined ? [] : [sql`r.project_id = ${projectId}`]),
    ...(names.length === 0 ? [] : [called(names, viewerId)]),
  ];
  return sql`select p.room_id from chat_participant p join chat_room r on r.id = p.room_id
    where ${sql.join(conditions, sql` and `)}`;
}

/** Rooms by name, by number, or, if direct, by the other person's name. */
function called(names: readonly string[], viewerId: UserId): RawBuilder<unknown> {
  const ids = names.flatMap((name) => parseId<RoomId>(name.replace(/^#/, "")) ?? []);
  const spellings = names.flatMap((name) => [name, name.replace(/^#/, "")]);
  return sql`(r.type = 'group' and chat_search_fold_v1(r.name) in (${sql.join(spellings.map(folded))})
    or r.id = any(${intArray(ids)})
    or r.type = 'direct' and exists (
      select 1 from chat_participant o join chat_user u on u.id = o.user_id
      where o.room_id = r.id and o.user_id <> ${viewerId} and ${named(names)}))`;
}
