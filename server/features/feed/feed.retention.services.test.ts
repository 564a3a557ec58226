import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createWorld, openPostgresTestDatabase, openPostgresTestDatabaseAgain, type World } from "../../test/world.js";
import type { Database } from "../../platform/orm.js";
import { query, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { sendMessage } from "../messages/message.actions.js";
import { deleteBatch } from "./feed.retention.js";
import { roomStream } from "./stream.js";

let world: World;
let otherNode: Database;
let project: Project;
let ada: User;
beforeAll(async () => {
  world = await createWorld({ database: await openPostgresTestDatabase() });
  otherNode = await openPostgresTestDatabaseAgain(world.database);
  project = await world.project("apollo");
  ada = await world.person("ada", project);
});
afterAll(async () => {
  await otherNode.close();
  await world.close();
});

test("one node at a time deletes; another one leaves it to the first, and people go on writing", async () => {
  const room = await world.group(project, ada);
  await sendMessage(world.as(ada), { roomId: room.id, content: "old" });
  await query(world.database.fork(), sql`update feed_entry set at = at - interval '2 days'`);
  await world.database.fork().transactional(async (tx) => {
    expect(await deleteBatch(tx, 86_400_000)).toBeGreaterThan(0);
    // Its transaction is still open.
    expect(await deleteBatch(otherNode.fork(), 86_400_000)).toBeUndefined();
    await sendMessage(world.as(ada), { roomId: room.id, content: "new" });
  });
  expect(await deleteBatch(otherNode.fork(), 86_400_000)).toBe(0);
  const rows = await query(
    world.database.fork(),
    sql`select seq from feed_entry where stream = ${roomStream(room.id)} order by seq`,
  );
  expect(rows).toEqual([{ seq: 2 }]);
});
