import type { Head } from "../features/feed/feed.queries.js";
import { streams } from "../features/feed/feed.queries.js";
import { query, sql } from "../platform/sql.js";
import type { Load } from "./load.js";

/**
 * Sets what follows from what was stored: where streams stand, the rooms' activity, how far everybody has read.
 * @returns the heads of streams that existed and changed without an event
 */
export async function settle(load: Load): Promise<readonly Head[]> {
  await settleStreams(load);
  await settleRooms(load);
  await settleOrder(load);
  await settleReading(load);
  await settlePeople(load);
  return changedHeads(load);
}

/** The stream of a new room begins behind its history; that of a room which existed is another one from now on. */
async function settleStreams({ tx }: Load): Promise<void> {
  await query(
    tx,
    sql`update feed_stream s set last_no = s.last_no + x.messages, last_at = greatest(s.last_at, x.newest_at),
               epoch = s.epoch + (not x.is_new)::int
        from (select t.room_id, t.is_new, count(m.id)::int as messages, max(m.created_at) as newest_at
              from import_touched t left join import_message m on m.room_id = t.room_id group by t.room_id, t.is_new) x
        where s.id = 'r' || x.room_id`,
  );
}

/** A room's activity is its newest message, or that somebody came to it. */
async function settleRooms({ tx }: Load): Promise<void> {
  await query(
    tx,
    sql`update chat_room r set updated_at = greatest(r.updated_at, x.newest_at, x.joined_at)
        from (select t.room_id, case when t.has_joined and not t.is_new then clock_timestamp() end as joined_at,
                     (select max(m.created_at) from import_message m where m.room_id = t.room_id) as newest_at from import_touched t) x
        where r.id = x.room_id and (x.newest_at is not null or x.joined_at is not null)`,
  );
}

/** Whether ids rise with time in the rooms that got messages: looked at from the one before the first of them on. */
async function settleOrder({ tx }: Load): Promise<void> {
  await query(
    tx,
    sql`with first as (
          select i.room_id, min(m.no) as no from import_message i join chat_message m on m.id = i.id group by i.room_id
        ), step as (
          select m.room_id, m.id < lag(m.id) over (partition by m.room_id order by m.no) as falls
          from first f join chat_message m on m.room_id = f.room_id and m.no >= f.no - 1
        )
        update chat_room r set ids_rise = false where r.id in (select room_id from step where falls)`,
  );
}

/**
 * Who came, and everybody in a room that got messages, has read what the file says and what they wrote themselves.
 * Never less than before. A room may have a long history and is locked meanwhile, so what was there already is looked
 * at for those alone who came, by what they wrote: to the others it counts as read since they sent it.
 */
async function settleReading({ tx }: Load): Promise<void> {
  await query(
    tx,
    sql`with reader as (
          select c.id, c.room_id, c.user_id, j.user_id is not null and not t.is_new as has_joined,
                 p.last_read_at, coalesce(p.has_read_all, false) as has_read_all
          from import_touched t join chat_participant c on c.room_id = t.room_id
          left join import_participant p on p.room_id = c.room_id and p.user_id = c.user_id
          left join import_joined j on j.room_id = c.room_id and j.user_id = c.user_id
          where t.has_messages or j.user_id is not null
        ), own as (
          select r.id, m.no, m.created_at from reader r
          join import_message i on i.room_id = r.room_id and i.user_id = r.user_id join chat_message m on m.id = i.id
          union all
          select r.id, m.no, m.created_at from reader r
          cross join lateral (select w.room_id, w.no, w.created_at from chat_message w where w.user_id = r.user_id offset 0) m
          where r.has_joined and m.room_id = r.room_id
        ), written as (
          select id, max(no) as no, max(created_at) as at from own group by id
        ), reading as (
          select r.id, greatest(w.no, newest.no) as no, greatest(w.at, r.last_read_at, case when r.has_read_all then newest.at end) as at
          from reader r left join written w on w.id = r.id
          left join lateral (
            select m.no, m.created_at as at from chat_message m where m.room_id = r.room_id and (r.has_read_all or m.created_at <= r.last_read_at)
            order by m.no desc limit 1) newest on true
        )
        update chat_participant c set read_no = greatest(c.read_no, x.no), last_read_at = greatest(c.last_read_at, x.at)
        from reading x where x.id = c.id`,
  );
}

/**
 * Whoever was known before and is in a new room hears of it by starting afresh: nobody tells them that they joined.
 * Their streams are locked by number, as every verb locks them.
 */
async function settlePeople({ tx }: Load): Promise<void> {
  await query(
    tx,
    sql`insert into feed_stream (id, epoch)
        select 'u' || j.user_id, 2 from import_joined j where not j.is_new_user group by j.user_id order by j.user_id
        on conflict (id) do update set epoch = feed_stream.epoch + 1`,
  );
}

async function changedHeads({ tx }: Load): Promise<readonly Head[]> {
  return query<Head>(
    tx,
    sql`select s.id as stream, s.epoch, s.seq from ${streams(sql`(
          select 'r' || room_id as stream from import_touched where not is_new
          union select 'u' || user_id from import_joined where not is_new_user)`)}`,
  );
}
