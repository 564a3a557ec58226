import type { Database } from "../platform/orm.js";
import { query, sql } from "../platform/sql.js";
import * as plan from "./plan.js";

const PROJECT = 1;
const LAST_ROOM = plan.largestRoom.first;
const { historyRoom, listedRooms, smallRooms, writtenRooms } = plan;

/** Fills an empty, migrated database with what `plan.ts` describes. */
export async function seed(database: Database): Promise<void> {
  const em = database.fork();
  const run = (statement: Parameters<typeof query>[1]): Promise<unknown> => query(em, statement);
  await run(sql`insert into chat_project (id, host_id, name) values (${PROJECT}, 'bench', 'Bench')`);
  await run(sql`
    insert into chat_user (id, host_id, username, display_name)
    select n, 'bench-' || n, 'user' || n, 'User Number ' || n from generate_series(1, ${plan.USERS}) n`);
  await run(sql`insert into chat_membership (project_id, user_id) select ${PROJECT}, id from chat_user`);
  await run(sql`
    insert into chat_room (id, name, type, project_id, created_by_id, owner_id)
    select n, 'Room ' || n, 'group', ${PROJECT}, 1, 1 from generate_series(1, ${LAST_ROOM}) n`);
  await run(sql`insert into chat_participant (room_id, user_id) ${participants}`);
  await run(messages(historyRoom, plan.HISTORY_MESSAGES, 1, plan.HISTORY_MEMBERS));
  await run(messages(listedRooms, plan.MESSAGES_PER_LISTED_ROOM, plan.FIRST_LISTED_MEMBER, plan.LISTED_MEMBERS));
  await run(sql`
    insert into message_reaction (message_id, user_id, emoji)
    select m.id, 1 + (m.no + n) % ${plan.HISTORY_MEMBERS}::int, (array['👍', '🎉', '❤️'])[1 + n % 2]
    from chat_message m, generate_series(0, 2) n where m.room_id = ${historyRoom.first}`);
  await run(sql`
    insert into feed_stream (id, last_seq, last_no)
    select 'r' || r.id, coalesce(max(m.no), 0), coalesce(max(m.no), 0)
    from chat_room r left join chat_message m on m.room_id = r.id group by r.id`);
  await run(sql`analyze`);
}

const participants = sql`
  select ${plan.crowd100.first}::int, n from generate_series(1, 100) n
  union all select ${plan.crowd500.first}::int, n from generate_series(1, 500) n
  union all
    select ${plan.largestRoom.first}::int, ${plan.FIRST_OF_LARGEST}::int + n
    from generate_series(0, ${plan.MOST_IN_A_ROOM - 1}::int) n
  union all select ${historyRoom.first}::int, n from generate_series(1, ${plan.HISTORY_MEMBERS}::int) n
  union all select ${smallRooms.first}::int + (n - 1) / 10, n from generate_series(1, ${smallRooms.count * 10}::int) n
  union all select ${listedRooms.first}::int + r, ${plan.LIST_VIEWER}::int from generate_series(0, ${listedRooms.count - 1}::int) r
  union all
    select ${listedRooms.first}::int + r, ${plan.FIRST_LISTED_MEMBER}::int + (r * 9 + n) % ${plan.LISTED_MEMBERS}::int
    from generate_series(0, ${listedRooms.count - 1}::int) r, generate_series(0, 8) n
  union all
    select ${writtenRooms.first}::int + r, ${plan.FIRST_WRITER}::int + n
    from generate_series(0, ${writtenRooms.count - 1}::int) r, generate_series(0, ${plan.WRITERS - 1}::int) n`;

/** Some messages for each room, a minute apart, by people out of a range. */
function messages(rooms: plan.RoomRange, count: number, firstUser: number, users: number) {
  return sql`
    insert into chat_message (room_id, user_id, no, content, created_at, updated_at)
    select ${rooms.first}::int + r, ${firstUser}::int + (r * 9 + n) % ${users}::int, n,
           rpad('Message ' || n || ' ', ${plan.MESSAGE_BYTES}::int, 'words and words '), at, at
    from generate_series(0, ${rooms.count - 1}::int) r, generate_series(1, ${count}::int) n,
         lateral (select now() - (${count}::int - n) * interval '1 minute' as at) t
    order by r, n`;
}
