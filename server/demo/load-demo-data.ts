import type { SqlEntityManager } from "@mikro-orm/sql";
import { mentionedNames } from "../features/messages/message.js";
import type { Database } from "../platform/orm.js";
import { jsonb, query, sql } from "../platform/sql.js";
import { demoRecords } from "./demo-records.js";
import type { LoadRecord, MessageRecord } from "./load-record.js";

/**
 * Loads the demo's people, projects, rooms and messages, once: a database that has people is left as it is. All or
 * nothing, and without events: the streams begin where the history ends.
 * @param now when the history is to end, but for some minutes
 */
export async function loadDemoData(database: Database, now = new Date()): Promise<void> {
  await database.fork().transactional(async (tx) => {
    const known = await query(tx, sql`select 1 from chat_user limit 1`);
    if (known.length === 0) await loadRecords(tx, demoRecords(now));
  });
}

type RecordOf<Kind extends LoadRecord["kind"]> = Extract<LoadRecord, { kind: Kind }>;

async function loadRecords(tx: SqlEntityManager, records: readonly LoadRecord[]): Promise<void> {
  const of = <Kind extends LoadRecord["kind"]>(kind: Kind): readonly RecordOf<Kind>[] =>
    records.filter((record): record is RecordOf<Kind> => record.kind === kind);
  const users = of("user");
  await loadDirectory(tx, users, of("project"));
  await loadRooms(tx, of("room"));
  const messages = of("message");
  await loadMessages(tx, messages);
  await loadReactions(tx, messages);
  await loadMentions(tx, messages, new Map(users.map((user) => [user.username, user.id])));
  await settleRooms(tx);
  for (const table of ["chat_user", "chat_project", "chat_room", "chat_message"]) {
    await query(
      tx,
      sql`select setval(pg_get_serial_sequence(${table}, 'id'), (select max(id) from ${sql.table(table)}))`,
    );
  }
}

async function loadDirectory(
  tx: SqlEntityManager,
  users: readonly RecordOf<"user">[],
  projects: readonly RecordOf<"project">[],
): Promise<void> {
  await query(
    tx,
    sql`insert into chat_user (id, host_id, username, display_name)
        select x.id, x.id::text, x.username, x.display_name
        from jsonb_to_recordset(${jsonb(users)}) as x(id int, username text, display_name text)`,
  );
  await query(
    tx,
    sql`insert into chat_project (id, host_id, name)
        select x.id, x.id::text, x.name from jsonb_to_recordset(${jsonb(projects)}) as x(id int, name text)`,
  );
  await query(
    tx,
    sql`insert into chat_membership (project_id, user_id)
        select x.id, m.id::int from jsonb_to_recordset(${jsonb(projects)}) as x(id int, members jsonb), jsonb_array_elements_text(x.members) as m(id)`,
  );
}

/** A room is as old as its first participation. A direct room has no owner, and the pair as its key. */
async function loadRooms(tx: SqlEntityManager, rooms: readonly RecordOf<"room">[]): Promise<void> {
  const rows = rooms.map(({ participants, ...room }) => {
    const pair = participants.map(({ user }) => user).toSorted((a, b) => a - b);
    return {
      ...room,
      owner: room.type === "group" ? room.created_by : null,
      direct_pair: room.type === "direct" ? pair.join(":") : null,
      created_at: participants.map((participant) => participant.joined_at).toSorted()[0],
    };
  });
  await query(
    tx,
    sql`insert into chat_room (id, type, name, project_id, created_by_id, owner_id, direct_pair, created_at, updated_at)
        select x.id, x.type, x.name, x.project, x.created_by, x.owner, x.direct_pair, x.created_at, x.created_at
        from jsonb_to_recordset(${jsonb(rows)})
          as x(id int, type text, name text, project int, created_by int, owner int, direct_pair text, created_at timestamptz)`,
  );
  const participants = rooms.flatMap((room) =>
    room.participants.map((participant) => ({ room: room.id, ...participant })),
  );
  await query(
    tx,
    sql`insert into chat_participant (room_id, user_id, joined_at, last_read_at)
        select x.room, x."user", x.joined_at, x.last_read_at
        from jsonb_to_recordset(${jsonb(participants)}) as x(room int, "user" int, joined_at timestamptz, last_read_at timestamptz)`,
  );
}

/** In a room, messages are numbered 1, 2, 3 ... by time, then by id. */
async function loadMessages(tx: SqlEntityManager, messages: readonly MessageRecord[]): Promise<void> {
  await query(
    tx,
    sql`insert into chat_message (id, room_id, user_id, no, content, type, edited_at, created_at, updated_at)
        select x.id, x.room, x."user", row_number() over (partition by x.room order by x.created_at, x.id),
               x.content, x.type, x.edited_at, x.created_at, coalesce(x.edited_at, x.created_at)
        from jsonb_to_recordset(${jsonb(messages)})
          as x(id int, room int, "user" int, content text, type text, created_at timestamptz, edited_at timestamptz)`,
  );
}

/** A reaction came some seconds after its message; several came one after the other. */
async function loadReactions(tx: SqlEntityManager, messages: readonly MessageRecord[]): Promise<void> {
  const reactions = messages.flatMap(({ id, reactions: own }) =>
    own.map((reaction, place) => ({ ...reaction, message: id, delay_s: 20 * (place + 1) })),
  );
  await query(
    tx,
    sql`insert into message_reaction (message_id, user_id, emoji, created_at)
        select m.id, x."user", x.emoji, m.created_at + x.delay_s * interval '1 second'
        from jsonb_to_recordset(${jsonb(reactions)}) as x(message int, "user" int, emoji text, delay_s int)
        join chat_message m on m.id = x.message order by m.id, x.delay_s`,
  );
}

/** As when they are sent: `@username` of a participant. */
async function loadMentions(
  tx: SqlEntityManager,
  messages: readonly MessageRecord[],
  users: ReadonlyMap<string, number>,
): Promise<void> {
  const mentions = messages.flatMap(({ id, content }) =>
    mentionedNames(content).flatMap((name) => ({ message: id, user: users.get(name) ?? null })),
  );
  await query(
    tx,
    sql`insert into chat_mention (message_id, user_id, room_id, no)
        select distinct m.id, p.user_id, m.room_id, m.no
        from jsonb_to_recordset(${jsonb(mentions)}) as x(message int, "user" int)
        join chat_message m on m.id = x.message
        join chat_participant p on p.room_id = m.room_id and p.user_id = x."user"`,
  );
}

/** Opens the streams behind the history, and sets what follows from it: activity and read positions. */
async function settleRooms(tx: SqlEntityManager): Promise<void> {
  await query(
    tx,
    sql`insert into feed_stream (id, last_no, last_at)
        select 'r' || r.id, coalesce(max(m.no), 0), coalesce(max(m.created_at), r.created_at)
        from chat_room r left join chat_message m on m.room_id = r.id group by r.id`,
  );
  await query(tx, sql`update chat_room r set updated_at = s.last_at from feed_stream s where s.id = 'r' || r.id`);
  await query(
    tx,
    sql`update chat_participant p set read_no = coalesce(
          (select max(m.no) from chat_message m where m.room_id = p.room_id and (m.created_at <= p.last_read_at or m.user_id = p.user_id)), 0)`,
  );
}
