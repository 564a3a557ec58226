import type { SqlEntityManager } from "@mikro-orm/sql";
import { parseId, type UserId } from "../../platform/ids.js";
import { intArray, query, queryOne, sql, type RawBuilder } from "../../platform/sql.js";
import type { ProjectId } from "../directory/directory.js";
import { messageColumns, toMessage, type MessageRow } from "../messages/message.queries.js";
import type { Message } from "../messages/message.js";
import type { RoomId } from "../rooms/room.js";
import {
  candidates,
  folded,
  matching,
  needles,
  sentWithin,
  type Haystack,
  type Needle,
} from "./search-match.queries.js";
import { newestPassing, things, thingsWith } from "./search-walk.queries.js";
import type { Closeness, SearchQuery } from "./search.js";

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
  readonly needles: readonly Needle[];
}

/** Finds the rooms and people that a search names, and the words in its terms. */
export async function haystackOf(em: SqlEntityManager, search: Search): Promise<Haystack> {
  const { viewerId, query: asked } = search;
  const row = await queryOne<HaystackRow>(
    em,
    sql`select ${needles(asked.terms)} as needles, array(${roomsOf(search)}) as room_ids,
          array(${asked.from.length === 0 ? sql`select 0 where false` : authors(asked.from, viewerId)}) as author_ids`,
  );
  if (row === undefined) throw new Error("The database gave no answer.");
  return {
    roomIds: row.room_ids,
    authorIds: asked.from.length === 0 ? undefined : row.author_ids,
    needles: row.needles,
  };
}

/** A part of the messages that match this closely, and no closer. */
export interface SearchRange {
  readonly closeness: Closeness;
  /** Only messages with this number or a higher one; undefined: all, by the indexes of words. */
  readonly from?: number | undefined;
  /** Only messages with a lower number. */
  readonly below?: number | undefined;
  readonly limit: number;
}

type Looked = Pick<Search, "viewerId" | "query"> & { readonly haystack: Haystack };

/** Messages in rooms that the viewer is in now, newest first, at most `limit`. */
export async function matchesOf(em: SqlEntityManager, search: Looked, range: SearchRange): Promise<readonly Message[]> {
  const { viewerId, query: asked, haystack } = search;
  if (haystack.roomIds.length === 0 || haystack.authorIds?.length === 0) return [];
  const rows = await query<MessageRow>(
    em,
    sql`select ${messageColumns} from (${foundIn(haystack, asked, range)}) found
        join chat_message m on m.id = found.id
        join chat_participant p on p.room_id = m.room_id and p.user_id = ${viewerId}
        order by m.id desc`,
  );
  return rows.map(toMessage);
}

function foundIn(haystack: Haystack, asked: SearchQuery, range: SearchRange): RawBuilder<unknown> {
  if (haystack.needles.length === 0) return newestPassing(haystack, asked, range);
  return range.from === undefined
    ? byIndex(haystack, asked, range)
    : byLooking(haystack, asked, { ...range, from: range.from });
}

/** All that have the words are asked for, and then which of them are in these rooms, pass, and are the newest. */
function byIndex(
  { roomIds, authorIds, needles: all }: Haystack,
  asked: SearchQuery,
  range: SearchRange,
): RawBuilder<unknown> {
  const { closeness, below, limit } = range;
  const conditions = [
    sql`m.deleted_at is null and m.room_id = any(${intArray(roomIds)})`,
    ...(below === undefined ? [] : [sql`m.id < ${below}`]),
    ...passing(asked, authorIds),
  ];
  // "+ 0": walking down the key until enough are found looks cheap, and reads the whole table when they are all old.
  const newest = candidates(all, closeness).map(
    ({ source, matching: words }) =>
      sql`(select m.id from ${source} where ${sql.join([...conditions, ...words], sql` and `)} order by m.id + 0 desc limit ${limit})`,
  );
  return sql`select id from (${sql.join(newest, sql` union `)}) newest order by id desc limit ${limit}`;
}

/** Every message of these rooms from a number on is looked at. */
function byLooking(
  { roomIds, authorIds, needles: all }: Haystack,
  asked: SearchQuery,
  { closeness, from, below, limit }: SearchRange & { readonly from: number },
): RawBuilder<unknown> {
  const conditions = [...passing(asked, authorIds), ...matching(all, closeness)];
  // "offset 0": room by room, whatever the planner thinks of the words.
  return sql`select m.id from unnest(${intArray(roomIds)}) r(id)
    cross join lateral (
      select n.* from chat_message n where n.room_id = r.id and n.deleted_at is null and n.id >= ${from}
        ${below === undefined ? sql`` : sql`and n.id < ${below}`} offset 0) m
    left join chat_attachment a on a.id = m.attachment_id
    where ${sql.join(conditions, sql` and `)} order by m.id desc limit ${limit}`;
}

function passing(asked: SearchQuery, authorIds: readonly UserId[] | undefined): readonly RawBuilder<unknown>[] {
  return [
    ...(authorIds === undefined ? [] : [sql`m.user_id = any(${intArray(authorIds)})`]),
    ...(asked.has.length === 0 ? [] : [sql`${things} = any(${intArray(thingsWith(asked.has))}) and ${things} > 0`]),
    sentWithin(sql`m.created_at`, asked),
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
