import type { SqlEntityManager } from "@mikro-orm/sql";
import { parseId, type UserId } from "../../platform/ids.js";
import { intArray, query, queryOne, sql, type RawBuilder } from "../../platform/sql.js";
import type { ProjectId } from "../directory/directory.js";
import { messageColumns, toMessage, type MessageRow } from "../messages/message.queries.js";
import type { Message, MessageId } from "../messages/message.js";
import type { RoomId } from "../rooms/room.js";
import { isPart, type Closeness, type SearchedThing, type SearchQuery, type SearchTerm } from "./search.js";

/** Whose search, in which of their rooms. */
export interface Search {
  readonly viewerId: UserId;
  readonly query: SearchQuery;
  readonly roomId?: RoomId | undefined;
  readonly projectId?: ProjectId | undefined;
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

/** The highest number of any message; 0 when there is none. */
export async function newestMessageId(em: SqlEntityManager): Promise<number> {
  const row = await queryOne<{ id: number | null }>(em, sql`select max(id) as id from chat_message`);
  return row?.id ?? 0;
}

/** Messages in rooms that the viewer is in now, newest first, at most `limit`. */
export async function matchesOf(em: SqlEntityManager, search: Search, range: SearchRange): Promise<readonly Message[]> {
  const { from, below, closeness, limit } = range;
  const conditions = [
    sql`m.deleted_at is null`,
    ...(from === undefined ? [] : [sql`m.id >= ${from}`]),
    ...(below === undefined ? [] : [sql`m.id < ${below}`]),
    ...(search.query.terms.length === 0 ? [] : matching(search.query.terms, closeness)),
    ...passing(search),
  ];
  // "+ 0": walking down the key until enough are found looks cheap, and reads the whole table when they are all old.
  const rows = await query<MessageRow>(
    em,
    sql`select ${messageColumns} from (
          select m.id from chat_message m join (${roomsOf(search)}) mine on mine.room_id = m.room_id
          where ${sql.join(conditions, sql` and `)} order by m.id + 0 desc limit ${limit}) found
        join chat_message m on m.id = found.id order by m.id desc`,
  );
  return rows.map(toMessage);
}

/** Bound, folded by the database as the content was: its idea of lower case need not be ours. */
const folded = (value: string): RawBuilder<string> => sql`chat_search_fold_v1(${value})`;
const words = ({ text }: SearchTerm): RawBuilder<unknown> => sql`chat_search_query_v1(${text}, false)`;
const beginnings = ({ text, isQuoted }: SearchTerm): RawBuilder<unknown> =>
  sql`chat_search_query_v1(${text}, ${!isQuoted})`;
const all = (queries: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
  sql`m.search @@ (${sql.join(queries, sql` && `)})`;

function part(term: SearchTerm): RawBuilder<unknown> {
  if (!isPart(term)) return all([beginnings(term)]);
  const pattern = `%${term.text.normalize("NFKC").replace(/[\\%_]/g, "\\$&")}%`;
  return sql`(${all([beginnings(term)])} or chat_search_fold_v1(m.content) like ${folded(pattern)})`;
}

function matching(terms: readonly SearchTerm[], closeness: Closeness): readonly RawBuilder<unknown>[] {
  switch (closeness) {
    case "words":
      return [all(terms.map(words))];
    case "beginnings":
      return [all(terms.map(beginnings)), sql`not ${all(terms.map(words))}`];
    case "parts":
      return [...terms.map(part), sql`not ${all(terms.map(beginnings))}`];
  }
}

const withThing: Readonly<Record<SearchedThing, RawBuilder<unknown>>> = {
  file: sql`m.type in ('file', 'image')`,
  image: sql`m.type = 'image'`,
  link: sql`chat_search_fold_v1(m.content) ~ 'https?://[^[:space:]]'`,
};

function passing({ viewerId, query: { from, has, afterMs, beforeMs } }: Search): readonly RawBuilder<unknown>[] {
  const moment = (ms: number) => sql`'epoch'::timestamptz + ${ms}::bigint * interval '1 millisecond'`;
  const isFromMe = from.some((name) => name.toLowerCase() === "me");
  return [
    ...(from.length === 0
      ? []
      : [
          sql`m.user_id = any(array(select u.id from chat_user u where ${named(from)} ${isFromMe ? sql`or u.id = ${viewerId}` : sql``}))`,
        ]),
    ...has.map((thing) => withThing[thing]),
    ...(afterMs === undefined ? [] : [sql`m.created_at >= ${moment(afterMs)}`]),
    ...(beforeMs === undefined ? [] : [sql`m.created_at < ${moment(beforeMs)}`]),
  ];
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

/** A message that was found, and how closely it matches. */
export interface Found {
  readonly message: Message;
  readonly closeness: Closeness;
}

export type FoundPlace = { readonly closeness: Closeness; readonly id: MessageId };
