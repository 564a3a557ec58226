import { lockNewcomers } from "../features/directory/local-number.actions.js";
import { takeLock } from "../platform/advisory-lock.js";
import { query, queryOne, sql } from "../platform/sql.js";
import type { Head } from "../features/feed/feed.queries.js";
import { BadLine } from "./bad-line.js";
import { exactly, type ExactTime } from "./exact-time.js";
import type { Load } from "./load.js";
import { deletedInHost } from "./stage-directory.js";
import { earlierThan } from "./stage-messages.js";
import { settle } from "./settle.js";

/**
 * Stores what was staged. Only now are rooms locked, as every change of a room locks it, and what could have changed
 * since their lines were checked is checked again.
 * @returns where the streams stand that are not what they were
 */
export async function store(load: Load): Promise<readonly Head[]> {
  await describeStages(load);
  await lockDirectory(load);
  await lockRooms(load);
  await checkAgain(load);
  await storeDirectory(load);
  await storeRooms(load);
  await storeMessages(load);
  await storeParticipants(load);
  await storeReactions(load);
  return settle(load);
}

/** The tables that say what will change: rooms, and people who come into one. */
async function describeStages({ tx }: Load): Promise<void> {
  await query(tx, sql`create index on import_message (room_id, created_at, id)`);
  await query(
    tx,
    sql`create temporary table import_joined on commit drop as
        select p.*, exists (select 1 from import_user u where u.id = p.user_id) as is_new_user from import_participant p
        where not exists (select 1 from chat_participant c where c.room_id = p.room_id and c.user_id = p.user_id)`,
  );
  await query(
    tx,
    sql`create temporary table import_touched on commit drop as
        select x.room_id, bool_or(x.has_messages) as has_messages, bool_or(x.has_joined) as has_joined,
               exists (select 1 from import_room r where r.id = x.room_id) as is_new
        from (select room_id, true as has_messages, false as has_joined from import_message
              union select room_id, false, true from import_joined
              union select id, false, false from import_room
              union select m.room_id, false, false from import_reaction r join chat_message m on m.id = r.message_id) x
        group by x.room_id`,
  );
  for (const table of [
    "import_message",
    "import_attachment",
    "import_mention",
    "import_reaction",
    "import_joined",
    "import_touched",
  ]) {
    await query(tx, sql`analyze ${sql.table(table)}`);
  }
}

/** Before rooms, as the host product's calls do, which wait until this is done; so does whoever logs in for the first time. */
async function lockDirectory({ tx, counts }: Load): Promise<void> {
  await takeLock(tx, "hostCall");
  if (counts.user.new > 0) await lockNewcomers(tx, "chat_user");
  if (counts.project.new > 0) await lockNewcomers(tx, "chat_project");
}

async function lockRooms({ tx }: Load): Promise<void> {
  await query(
    tx,
    sql`select 1 from feed_stream s join import_touched t on s.id = 'r' || t.room_id order by t.room_id for update of s`,
  );
}

/**
 * Between a line's check and the lock its room may have been deleted or written in, and people may have left the
 * project or been deleted in the host product.
 */
async function checkAgain(load: Load): Promise<void> {
  await refuseDeletedRooms(load);
  await refuseEarlier(load);
  await refuseDeletedPeople(load);
  await refuseStrangers(load);
}

async function refuseDeletedRooms({ tx }: Load): Promise<void> {
  const gone = await queryOne<{ line: number; room_id: number }>(
    tx,
    sql`select x.line, x.room_id from (select line, room_id from import_message union all select line, room_id from import_joined) x
        where not exists (select 1 from chat_room r where r.id = x.room_id) and not exists (select 1 from import_room r where r.id = x.room_id)
        order by x.line limit 1`,
  );
  if (gone !== undefined) throw new BadLine(gone.line, `Room ${gone.room_id} has just been deleted.`);
}

async function refuseEarlier({ tx }: Load): Promise<void> {
  const late = await queryOne<{ line: number; id: number; room_id: number; newest_id: number; newest_at: ExactTime }>(
    tx,
    sql`select m.line, m.id, m.room_id, n.id as newest_id, ${exactly(sql`n.created_at`)} as newest_at
        from import_touched t
        cross join lateral (select c.id, c.created_at from chat_message c where c.room_id = t.room_id order by c.no desc limit 1) n
        join import_message m on m.room_id = t.room_id and (m.created_at, m.id) <= (n.created_at, n.id)
        order by m.line limit 1`,
  );
  if (late !== undefined)
    throw new BadLine(
      late.line,
      earlierThan(late.id, late.room_id, { id: late.newest_id, created_at: late.newest_at }),
    );
}

/** Who comes into a project or a room. No call of the host product deletes anybody from here on. */
async function refuseDeletedPeople({ tx }: Load): Promise<void> {
  const deleted = await queryOne<{ line: number; user_id: number }>(
    tx,
    sql`select x.line, x.user_id from (select line, user_id from import_member union all select line, user_id from import_joined) x
        join chat_user u on u.id = x.user_id where u.deleted_at is not null order by x.line limit 1`,
  );
  if (deleted !== undefined) throw new BadLine(deleted.line, deletedInHost(deleted.user_id));
}

async function refuseStrangers({ tx }: Load): Promise<void> {
  const stranger = await queryOne<{ line: number; user_id: number; project_id: number }>(
    tx,
    sql`select j.line, j.user_id, r.project_id from import_joined j join chat_room r on r.id = j.room_id
        where not exists (select 1 from chat_membership m where m.project_id = r.project_id and m.user_id = j.user_id)
          and not exists (select 1 from import_member m where m.project_id = r.project_id and m.user_id = j.user_id)
        order by j.line limit 1`,
  );
  if (stranger !== undefined)
    throw new BadLine(stranger.line, `User ${stranger.user_id} has just left project ${stranger.project_id}.`);
}

async function storeDirectory(load: Load): Promise<void> {
  const { tx } = load;
  await moveSequence(load, "chat_user", "import_user");
  await query(
    tx,
    sql`insert into chat_user (id, host_id, username, display_name) select id, host_id, username, display_name from import_user order by id`,
  );
  await moveSequence(load, "chat_project", "import_project");
  await query(
    tx,
    sql`insert into chat_project (id, host_id, name) select id, host_id, name from import_project order by id`,
  );
  await query(
    tx,
    sql`insert into chat_membership (project_id, user_id) select project_id, user_id from import_member on conflict do nothing`,
  );
}

/**
 * New ids continue after the file's. Never backwards: a counter that is further already stays. At once for everybody,
 * so that who writes meanwhile gets an id that is free.
 */
async function moveSequence({ tx }: Load, table: string, staged: string): Promise<void> {
  const sequence = sql.table(`${table}_id_seq`);
  await query(
    tx,
    sql`select setval(${`${table}_id_seq`}::regclass, i.highest) from (select max(id) as highest from ${sql.table(staged)}) i, ${sequence} s
        where i.highest >= s.last_value + s.is_called::int`,
  );
}

/**
 * A room that says nothing of it is as old as the first thing that is known of it. The one who made a group owns it, or
 * else its longest-standing participant.
 */
async function storeRooms(load: Load): Promise<void> {
  const { tx } = load;
  await moveSequence(load, "chat_room", "import_room");
  await query(
    tx,
    sql`insert into chat_room (id, type, name, project_id, created_by_id, owner_id, direct_pair, created_at, updated_at)
        select r.id, r.type, r.name, r.project_id, r.created_by_id,
          case when r.type = 'group' then (
            select p.user_id from import_participant p where p.room_id = r.id
            order by p.user_id is not distinct from r.created_by_id desc, coalesce(p.joined_at, a.at), p.place limit 1) end,
          r.direct_pair, a.at, a.at
        from import_room r cross join lateral (select coalesce(r.created_at, least(
          (select min(p.joined_at) from import_participant p where p.room_id = r.id),
          (select min(m.created_at) from import_message m where m.room_id = r.id)), clock_timestamp()) as at) a
        order by r.id`,
  );
  // A room of that number may have been deleted: its stream is there still, and goes on under another epoch.
  await query(
    tx,
    sql`insert into feed_stream (id, last_at) select 'r' || r.id, r.created_at from chat_room r join import_room i on i.id = r.id order by r.id
        on conflict (id) do update set epoch = feed_stream.epoch + 1, last_no = 0`,
  );
}

/** In a room, messages are numbered by time, then by id. Their files are in the storage already. */
async function storeMessages(load: Load): Promise<void> {
  const { tx } = load;
  await query(
    tx,
    sql`insert into chat_attachment (room_id, key, name, size, content_type, width, height, thumbnail_size, sha256)
        select m.room_id, f.key, f.name, f.size, f.content_type, f.width, f.height, f.thumbnail_size, f.sha256
        from import_attachment f join import_message m on m.id = f.message_id order by f.message_id`,
  );
  await moveSequence(load, "chat_message", "import_message");
  await query(
    tx,
    sql`insert into chat_message (id, room_id, user_id, no, content, type, attachment_id, edited_at, created_at, updated_at)
        select m.id, m.room_id, m.user_id, s.last_no + row_number() over (partition by m.room_id order by m.created_at, m.id),
               m.content, m.type, a.id, m.edited_at, m.created_at, coalesce(m.edited_at, m.created_at)
        from import_message m join feed_stream s on s.id = 'r' || m.room_id
        left join (import_attachment f join chat_attachment a on a.key = f.key) on f.message_id = m.id`,
  );
}

/** Who says nothing of it has been there as long as the room, or came just now to one that existed. */
async function storeParticipants({ tx }: Load): Promise<void> {
  await query(
    tx,
    sql`insert into chat_participant (room_id, user_id, joined_at)
        select j.room_id, j.user_id,
               coalesce(j.joined_at, case when t.is_new then r.created_at else clock_timestamp() end + (j.place - 1) * interval '1 microsecond')
        from import_joined j join import_touched t on t.room_id = j.room_id join chat_room r on r.id = j.room_id
        order by j.room_id, j.place`,
  );
}

/** With the mentions, which are those of people who are in the room, as when a message is sent. */
async function storeReactions({ tx }: Load): Promise<void> {
  await query(
    tx,
    sql`insert into message_reaction (message_id, user_id, emoji, created_at)
        select x.message_id, x.user_id, x.emoji, x.created_at from import_reaction x join chat_message m on m.id = x.message_id
        where m.deleted_at is null order by x.created_at, x.message_id on conflict do nothing`,
  );
  await query(
    tx,
    sql`insert into chat_mention (message_id, user_id, room_id, no)
        select distinct m.id, u.id, m.room_id, m.no from import_mention x join chat_message m on m.id = x.message_id
        join chat_participant p on p.room_id = m.room_id
        join chat_user u on u.id = p.user_id and u.deleted_at is null and lower(u.username) = x.name`,
  );
}
