import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { migrate } from "../platform/migrate.js";
import { query, sql } from "../platform/sql.js";
import { importLines } from "../test/importing.js";
import { createWorld, type World } from "../test/world.js";
import { migrations } from "./migrations.js";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const room = (id: number): object => ({
  ...{ kind: "room", id, type: "group", name: `Room ${id}`, project: 1 },
  ...{ created_by: 1, participants: [1] },
});
const said = (id: number, roomId: number, minute: number): object => ({
  ...{ kind: "message", id, room: roomId, user: 1, content: "plain" },
  created_at: `2025-11-06T15:0${minute}:00Z`,
});

test("rooms that were brought along before are looked at, too", async () => {
  await importLines(
    world,
    { kind: "user", id: 1, username: "john", display_name: "John Doe" },
    { kind: "project", id: 1, name: "Apollo", members: [1] },
    ...[room(1), room(2), room(3)],
    ...[said(11, 1, 1), said(12, 1, 2), said(13, 1, 2)],
    ...[said(21, 2, 1), said(20, 2, 2)],
  );
  const risen = async () => query(world.database.fork(), sql`select id, ids_rise as rise from chat_room order by id`);
  const expected = [
    { id: 1, rise: true },
    { id: 2, rise: false },
    { id: 3, rise: true },
  ];
  expect(await risen()).toEqual(expected);
  await query(world.database.fork(), sql`alter table chat_room drop column ids_rise`);
  await query(world.database.fork(), sql`delete from mikro_orm_migrations where name like '%-ids-in-order'`);
  await migrate(world.database, migrations);
  expect(await risen()).toEqual(expected);
});
