import type { Database } from "../platform/orm.js";
import { query, sql } from "../platform/sql.js";

/** Loads the demo's people, projects and first room, once: a database that has people is left as it is. */
export async function loadDemoData(database: Database): Promise<void> {
  await database.fork().transactional(async (tx) => {
    const [known] = await query<{ id: number }>(tx, sql`select id from chat_user limit 1`);
    if (known !== undefined) return;
    await query(tx, sql`insert into chat_user (id, host_id, username, display_name) values
      (1, '1', 'john', 'John Doe'), (2, '2', 'jane', 'Jane Smith'), (3, '3', 'bob', 'Bob Stone'), (4, '4', 'alice', 'Alice Martin'), (5, '5', 'dee', 'Dee Okafor')`);
    await query(tx, sql`insert into chat_project (id, host_id, name) values (1, '1', 'Apollo'), (2, '2', 'Beta')`);
    await query(tx, sql`insert into chat_membership (project_id, user_id) values (1, 1), (1, 2), (1, 3), (1, 4), (2, 5)`);
    await query(tx, sql`insert into chat_room (id, type, name, project_id, created_by_id, owner_id) values (1, 'group', 'Project Discussion', 1, 1, 1)`);
    await query(tx, sql`insert into chat_participant (room_id, user_id) values (1, 1), (1, 2), (1, 3)`);
    await query(tx, sql`insert into feed_stream (id) values ('r1')`);
    for (const table of ["chat_user", "chat_project", "chat_room"]) {
      await query(tx, sql`select setval(pg_get_serial_sequence(${table}, 'id'), 1000)`);
    }
  });
}
