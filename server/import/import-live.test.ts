import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Project, User } from "../features/directory/directory.js";
import { upsertProjects } from "../features/rooms/host.actions.js";
import { renameRoom } from "../features/rooms/room.actions.js";
import { viewedRoom } from "../features/rooms/room.queries.js";
import { query, sql, type RawBuilder } from "../platform/sql.js";
import { contentOf, fileOf, importLines, noFiles, type FileLine } from "../test/importing.js";
import { createWorld, type World } from "../test/world.js";
import { importEntries, inImport } from "./import.js";
import { readEntries } from "./lines.js";

// Into a database that people use, and have used since the last time.

let world: World;
let project: Project;
let john: User;
let apollo: FileLine;
let talk: { readonly id: number; readonly participants: readonly number[] };
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  john = await world.person("john", project);
});
afterAll(() => world.close());

let ids = 1_000;
beforeEach(() => {
  ids += 10_000;
  const { id, hostId: host_id, name } = project;
  apollo = { kind: "project", id, host_id, name, members: [john.id] };
  const room = { kind: "room", id: ids, type: "group", name: "Talk", project: id, created_by: john.id };
  talk = { ...room, participants: [john.id] };
});
const rows = <Row>(statement: RawBuilder<Row>): Promise<readonly Row[]> => query(world.database.fork(), statement);

describe("what others outran", () => {
  afterEach(() => rows(sql`drop function outrun cascade`));

  // The code with which the database takes back what lost against somebody else.
  test.each(["40001", "40P01", "55P03"])("is refused with the advice to import it again (%s)", async (code) => {
    const before = await contentOf(world.database);
    const body = sql.lit(`begin raise exception using errcode = '${code}'; end`);
    await rows(sql`create function outrun() returns trigger language plpgsql as ${body}`);
    await rows(sql`create trigger outrun before insert on chat_room execute function outrun()`);
    await expect(importLines(world, apollo, talk)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringMatching(/were faster, so nothing was imported. Import it again.$/),
    });
    expect(await contentOf(world.database)).toEqual(before);
  });
});

test("a room and a project that were renamed since are the same, and keep their names", async () => {
  await importLines(world, apollo, talk);
  await renameRoom(world.as(john), { roomId: talk.id, name: "Talk of the town" });
  await upsertProjects(world.host(), { projects: [{ id: project.hostId, name: "Apollo 2" }] });
  const before = await contentOf(world.database);
  expect(await importLines(world, apollo, talk)).toMatchObject({ project: { known: 1 }, room: { known: 1 } });
  expect(await contentOf(world.database)).toEqual(before);
  await upsertProjects(world.host(), { projects: [{ id: project.hostId, name: project.name }] });
});

test("somebody who comes into a room has its long history read without anybody looking through it", async () => {
  const authors = Array.from({ length: 150 }, (_, index) => {
    return { kind: "user", id: ids + index, username: `u${index}`, display_name: `U ${index}` };
  });
  const messages = Array.from({ length: 3_000 }, (_, index) => {
    const created_at = "2025-11-06T15:30:00Z";
    return { kind: "message", id: ids + index, room: talk.id, user: ids + (index % 150), content: "words", created_at };
  });
  await importLines(world, ...authors, apollo, talk, ...messages);
  await rows(sql`analyze chat_message`);
  const jane = await world.person("jane", project);
  const looked = await inImport(world, async (transaction) => {
    const { tx } = transaction;
    const before = await messagesRead(tx);
    const entries = readEntries(fileOf([{ ...talk, participants: [jane.id] }]));
    await importEntries(transaction, entries, { now: world.clock.now(), findFile: noFiles });
    return (await messagesRead(tx)) - before;
  });
  expect(looked).toBeLessThan(100);
  const viewed = await viewedRoom(world.database.fork(), jane.id, String(talk.id));
  expect(viewed?.state).toMatchObject({ unreadCount: 0, unreadMentionCount: 0 });
});

/** How many rows of messages the database has read up to now, by its own count. */
async function messagesRead(tx: Parameters<typeof query>[0]): Promise<number> {
  const [row] = await query<{ count: number }>(
    tx,
    sql`select (seq_tup_read + idx_tup_fetch)::int as count from pg_stat_xact_user_tables where relname = 'chat_message'`,
  );
  return row?.count ?? 0;
}
