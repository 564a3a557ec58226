import type { SqlEntityManager } from "@mikro-orm/sql";
import { intArray, queryOne, sql, type RawBuilder } from "../../platform/sql.js";
import type { RoomId } from "../rooms/room.js";
import { sentWithin, type Haystack } from "./search-match.queries.js";
import type { SearchedThing, SearchQuery } from "./search.js";

type Sql = RawBuilder<unknown>;

/** As `chat_message_things_v1` adds them up: a picture is a file. */
const THINGS = { link: 1, file: 2, image: 6 } as const satisfies Readonly<Record<SearchedThing, number>>;
const ALL_THINGS = [1, 2, 3, 6, 7] as const;
export const things: Sql = sql`chat_message_things_v1(m.type, m.content)`;

/** What `chat_message_things_v1` may say of a message that has all of these. */
export const thingsWith = (has: readonly SearchedThing[]): readonly number[] =>
  ALL_THINGS.filter((sum) => has.every((thing) => (sum & THINGS[thing]) === THINGS[thing]));

/**
 * The numbers of the newest messages that pass all filters: each room (and author, and kind of thing) is a walk down an
 * index. The newest of every walk is looked up, and only those walks go on that can reach the page.
 */
export function newestPassing(
  haystack: Haystack,
  asked: SearchQuery,
  page: { below?: number | undefined; limit: number },
): Sql {
  const { limit } = page;
  const steps = stepsOf(haystack, asked, page.below);
  return sql`with walk as (${walks(haystack, asked)}),
      head as (select w.*, h.id as newest from walk w cross join lateral (
        select m.id from chat_message m where ${steps} order by m.id desc limit 1) h),
      reach as (select newest from head order by newest desc offset ${limit - 1} limit 1)
    select step.id from head w cross join lateral (
      select m.id from chat_message m where ${steps} and m.id >= coalesce((select newest from reach), 0) order by m.id desc limit ${limit}) step
    where w.newest >= coalesce((select newest from reach), 0) order by step.id desc limit ${limit}`;
}

/** Where a room's ids do not rise with time, its walk is the whole room. */
const FROM_THE_FIRST = 0;
const TO_THE_LAST = 2_147_483_647;

/** The first and last message of a time are where a room's walk ends and begins. */
function walks({ roomIds, authorIds }: Haystack, { has, afterMs, beforeMs }: SearchQuery): Sql {
  const edge = (condition: Sql, order: Sql): Sql =>
    sql`cross join lateral (select e.id from chat_message e where e.room_id = r.id and ${condition} order by e.created_at ${order}, e.no ${order} limit 1)`;
  return sql`select r.id as room_id ${authorIds === undefined ? sql`` : sql`, u.id as user_id`} ${has.length === 0 ? sql`` : sql`, t.sum as things`}
      ${afterMs === undefined ? sql`` : sql`, case when o.ids_rise then first.id else ${FROM_THE_FIRST} end as first_id`}
      ${beforeMs === undefined ? sql`` : sql`, case when o.ids_rise then last.id else ${TO_THE_LAST} end as last_id`}
    from unnest(${intArray(roomIds)}) r(id)
    ${afterMs === undefined && beforeMs === undefined ? sql`` : sql`join chat_room o on o.id = r.id`}
    ${authorIds === undefined ? sql`` : sql`cross join unnest(${intArray(authorIds)}) u(id)`}
    ${has.length === 0 ? sql`` : sql`cross join unnest(${intArray(thingsWith(has))}) t(sum)`}
    ${afterMs === undefined ? sql`` : sql`${edge(sentWithin(sql`e.created_at`, { afterMs }), sql`asc`)} first`}
    ${beforeMs === undefined ? sql`` : sql`${edge(sentWithin(sql`e.created_at`, { beforeMs }), sql`desc`)} last`}`;
}

/** What a message `m` is that a walk `w` comes by. */
function stepsOf({ authorIds }: Haystack, { has, afterMs, beforeMs }: SearchQuery, below: number | undefined): Sql {
  const conditions = [
    sql`m.room_id = w.room_id and m.deleted_at is null`,
    ...(authorIds === undefined ? [] : [sql`m.user_id = w.user_id`]),
    ...(has.length === 0 ? [] : [sql`${things} = w.things and ${things} > 0`]),
    ...(afterMs === undefined ? [] : [sql`m.id >= w.first_id`]),
    ...(beforeMs === undefined ? [] : [sql`m.id <= w.last_id`]),
    ...(below === undefined ? [] : [sql`m.id < ${below}`]),
    ...(afterMs === undefined && beforeMs === undefined ? [] : [sentWithin(sql`m.created_at`, { afterMs, beforeMs })]),
  ];
  return sql.join(conditions, sql` and `);
}

/** About so many of the newest messages are looked through for words first; at most four times as many. */
const RECENT = 1_000;
/** How far below the newest message of a room its messages are sounded: the numbers in a room have no holes. */
const DEPTHS = [1, 4, 16, 64, 256, 1_024] as const;

/**
 * From which number on there are about a thousand messages in these rooms, below another: a common word fills a page there,
 * without reading all of its messages. 0: there are no more than that.
 */
export async function recentFrom(
  em: SqlEntityManager,
  roomIds: readonly RoomId[],
  below: number | undefined,
): Promise<number> {
  const row = await queryOne<{ from: number }>(
    em,
    sql`with newest as (
        select r.id as room_id, m.id, m.no from unnest(${intArray(roomIds)}) r(id) cross join lateral (
          select m.id, m.no from chat_message m where m.room_id = r.id and m.deleted_at is null ${below === undefined ? sql`` : sql`and m.id < ${below}`}
          order by m.id desc limit 1) m),
      sounded as (
        select id, 1 as messages from newest
        union all select m.id, d.depth - d.above from newest n
          cross join (select depth, lag(depth, 1, 0) over (order by depth) as above from unnest(${intArray(DEPTHS)}) depth) d
          join chat_message m on m.room_id = n.room_id and m.no = n.no - d.depth),
      reached as (select id, sum(messages) over (order by id desc) as messages from sounded)
    select case when coalesce(max(messages), 0) <= ${RECENT} then 0 else coalesce(min(id) filter (where messages <= ${RECENT}), max(id)) end as "from"
    from reached`,
  );
  return row?.from ?? 0;
}
