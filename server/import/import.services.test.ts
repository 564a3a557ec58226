import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { z } from "zod";
import { claimSweep } from "../features/attachments/attachment.queries.js";
import { sweepObjects } from "../features/attachments/attachment.sweep.js";
import type { Project, User } from "../features/directory/directory.js";
import { commit } from "../features/feed/feed.actions.js";
import { userStream } from "../features/feed/stream.js";
import { sendMessage } from "../features/messages/message.actions.js";
import { upsertUsers } from "../features/rooms/host.actions.js";
import type { Room } from "../features/rooms/room.js";
import { viewedRoom } from "../features/rooms/room.queries.js";
import { checkOrigin } from "../features/feed/feed.origin.js";
import { parseId, type UserId } from "../platform/ids.js";
import { query, sql } from "../platform/sql.js";
import { ALL_EVENTS, durable } from "../test/event-documents.js";
import { contentOf, fileOf, importLines, noFiles, type FileLine } from "../test/importing.js";
import { redisPrefixOf, startServerNode, type ServerNode } from "../test/node.js";
import { forgetPrefix, REDIS_URL } from "../test/redis.js";
import { filesIn } from "../test/uploads.js";
import { until } from "../test/until.js";
import { createWorld, openPostgresTestDatabase, openPostgresTestDatabaseAgain, type World } from "../test/world.js";
import { openBroker } from "../broker.js";
import { filesBeside } from "./files.js";
import { importFile } from "./import.js";

// An import beside a server on PostgreSQL and Redis, as `npm run import` with DATABASE_URL and REDIS_URL has it. The
// node's clock stands still, so that what it notices came by Redis.

const HOUR_MS = 3_600_000;

let world: World;
let project: Project;
let john: User;
let jane: User;
let node: ServerNode;
let command: World;
beforeAll(async () => {
  world = await createWorld({ database: await openPostgresTestDatabase() });
  project = await world.project("apollo");
  john = await world.person("john", project);
  jane = await world.person("jane", project);
  node = await startServerNode(world);
  const database = await openPostgresTestDatabaseAgain(world.database);
  const broker = await openBroker({
    url: REDIS_URL,
    epoch: await checkOrigin(database.fork()),
    clock: world.clock,
    logger: world.services.logger,
  });
  command = await createWorld({ database, pubsub: broker.pubsub });
  closeBroker = () => broker.close();
});
let closeBroker = async (): Promise<void> => {};
afterAll(async () => {
  await node.close();
  await closeBroker();
  await command.close();
  await forgetPrefix(await redisPrefixOf(world));
  await world.close();
});

// Far from what is written meanwhile.
let ids = 0;
beforeEach(() => {
  ids += 1_000_000;
});
const later = (room: Room, user: User, content: string, more: object = {}): FileLine => {
  ids += 1;
  const created_at = new Date(Date.now() + 1_000).toISOString();
  return { kind: "message", id: ids, room: room.id, user: user.id, content, created_at, ...more };
};
const unread = async (user: User, room: Room) =>
  (await viewedRoom(world.database.fork(), user.id, String(room.id)))?.state.unreadCount;
const cursorOf = async (user: User, room: Room): Promise<string> => {
  const { data } = await node.ask(user, `query ($id: ID!) { chatRoom(id: $id) { headCursor } }`, {
    id: String(room.id),
  });
  return z.object({ chatRoom: z.object({ headCursor: z.string() }) }).parse(data).chatRoom.headCursor;
};
const neverAnId = (): never => {
  throw new Error("This is no id.");
};
const untilSomebodyWaits = () =>
  until(async () => {
    const waiting = await query(
      world.database.fork(),
      sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  }, "the import to wait");
/** So much that what stands before it has been checked by the time that its end is read. */
const aBatchAfterIt = (): readonly FileLine[] =>
  Array.from({ length: 2_100 }, (_, index) => {
    return { kind: "user", id: 800_000 + index, username: "after", display_name: "After" };
  });
const codes = (errors: readonly { readonly extensions: Readonly<Record<string, unknown>> }[]) =>
  errors.map((error) => error.extensions.code);

test("whoever follows a room that was imported into is told to start afresh, and then goes on without a gap", async () => {
  const [room, other] = [await world.group(project, john, jane), await world.group(project, john, jane)];
  await sendMessage(world.as(john), { roomId: room.id, content: "before" });
  const [onRoom, onOther] = [await node.connect(jane), await node.connect(jane)];
  const document = `subscription ($roomId: ID!) { chatRoomEvents(roomId: $roomId) { cursor } }`;
  const followed = node.listen(onRoom, document, { roomId: String(room.id) });
  const elsewhere = node.listen(onOther, document, { roomId: String(other.id) });
  const before = await cursorOf(jane, room);
  await until(() => followed.events.length > 0 && elsewhere.events.length > 0, "both to follow");

  await importLines(command, later(room, john, "imported"));

  await until(() => followed.done, "the follower to be told");
  expect(codes(followed.errors)).toEqual(["RESYNC_REQUIRED"]);
  expect(elsewhere.done).toBe(false);
  expect(await unread(jane, room)).toBe(2);
  const resumed = node.listen(onRoom, ALL_EVENTS, { after: [before] });
  await until(() => resumed.done, "the old cursor to be refused");
  expect(codes(resumed.errors)).toEqual(["RESYNC_REQUIRED"]);

  const fresh = await node.follow(onRoom, ALL_EVENTS, { after: [await cursorOf(jane, room)] });
  await node.mutate(john, "sendChatMessage", { roomId: String(room.id), content: "after" }, "message { id }");
  await until(() => durable(fresh.events).length === 1, "the message after it");
  expect(await unread(jane, room)).toBe(3);
});

test("somebody who is brought into a room by an import starts afresh too", async () => {
  const heard = await node.follow(await node.connect(jane), ALL_EVENTS);
  const room = { kind: "room", id: 500, type: "group", name: "New", project: project.id, created_by: john.id };
  await importLines(command, { ...room, participants: [john.id, jane.id] });
  await until(() => heard.done, "Jane to be told");
  expect(codes(heard.errors)).toEqual(["RESYNC_REQUIRED"]);
});

test("people who come into rooms are locked by number, as everywhere, so that nobody waits in a circle", async () => {
  // As text they would stand the other way round.
  const [nine, ten] = [9, 10];
  const known = [nine, ten].map((id) => ({ kind: "user", id, username: `u${id}`, display_name: `U ${id}` }));
  const members = { kind: "project", id: 900, name: "Circle", members: [nine, ten] };
  const room = {
    kind: "room",
    type: "group",
    name: "Circle",
    project: 900,
    created_by: nine,
    participants: [nine, ten],
  };
  await importLines(command, ...known, members);
  await importLines(command, { ...room, id: 901 });
  const [first, second] = [nine, ten].map((id) => userStream(parseId<UserId>(id) ?? neverAnId()));
  if (first === undefined || second === undefined) throw new Error("There are two.");
  let importing: Promise<unknown> = Promise.resolve();
  await commit(world.host(), async ({ lock }) => {
    await lock(first);
    importing = importLines(command, { ...room, id: 902 });
    await untilSomebodyWaits();
    await lock(second);
  });
  await expect(importing).resolves.toMatchObject({ room: { new: 1 } });
});

test("two imports of one file at once store it once", async () => {
  const room = await world.group(project, john, jane);
  const file = Array.from({ length: 300 }, (_, index) => later(room, john, `message ${index}`));
  const results = await Promise.all([importLines(world, ...file), importLines(command, ...file)]);
  expect(results.map(({ message }) => message.new).toSorted((a, b) => a - b)).toEqual([0, 300]);
  expect(await unread(jane, room)).toBe(300);
});

test("people write on while a file comes in: everything is numbered once, without holes", async () => {
  const [imported, live] = [await world.group(project, john, jane), await world.group(project, john, jane)];
  const file = Array.from({ length: 2_500 }, (_, index) => later(imported, john, `message ${index}`));
  let sent = 0;
  const slowly = async function* (): AsyncGenerator<Uint8Array, void> {
    for await (const piece of fileOf(file, 50_000)) {
      await sendMessage(world.as(jane), { roomId: live.id, content: `live ${sent}` });
      sent += 1;
      yield piece;
    }
  };
  await importFile(command, { source: slowly(), findFile: noFiles });
  await sendMessage(world.as(jane), { roomId: imported.id, content: "after" });
  expect(sent).toBeGreaterThan(3);
  expect([await unread(john, live), await unread(john, imported)]).toEqual([sent, 1]);
  const { chat_message: messages = [] } = await contentOf(world.database);
  const rows = z.array(z.object({ room_id: z.int(), no: z.int() })).parse(messages);
  const numbers = rows.filter((row) => row.room_id === imported.id).map((row) => row.no);
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 2_501 }, (_, index) => index + 1));
});

test("nothing is swept while an import runs, which may take longer than the sweep's grace", async () => {
  const { storage } = world.services.files;
  const hoursLater = new Date(Date.now() + 3 * HOUR_MS);
  const mayBeSwept = () => claimSweep(world.database.fork(), hoursLater, HOUR_MS);
  await writeFile(join(world.dataDir, "orphan"), "words");
  await storage.put("chat_attachments/2025/11/06/orphan.txt", join(world.dataDir, "orphan"));
  await writeFile(join(world.dataDir, "notes.txt"), "words");
  const media = () => filesIn(join(world.dataDir, "media"));
  const room = await world.group(project, john, jane);
  const lines = Array.from({ length: 70 }, () => later(room, john, "", { attachment: "notes.txt" }));
  const slowly = async function* (): AsyncGenerator<Uint8Array, void> {
    yield* fileOf([...lines, ""]);
    // Some of them by now, and the orphan.
    expect((await media()).length).toBeGreaterThan(1);
    expect(await mayBeSwept()).toBe(false);
  };
  // Into the storage of the node, as a command with its DATA_DIR has it.
  const services = { ...command.services, files: world.services.files };
  const parts = { database: command.database, services };
  await importFile(parts, { source: slowly(), findFile: filesBeside(world.dataDir) });
  expect(await mayBeSwept()).toBe(true);
  await sweepObjects(() => world.database.fork(), storage, { before: hoursLater });
  expect(await media()).toHaveLength(lines.length);
  expect((await media()).join(" ")).not.toContain("orphan");
  expect(await unread(jane, room)).toBe(lines.length);
});

test("a message that somebody wrote meanwhile into the same room makes the file come too late", async () => {
  const room = await world.group(project, john, jane);
  const before = new Date(Date.now() - 60_000).toISOString();
  const line = { ...Object(later(room, john, "old")), created_at: before };
  const interrupted = async function* (): AsyncGenerator<Uint8Array, void> {
    yield* fileOf([line, ...aBatchAfterIt()]);
    await sendMessage(world.as(jane), { roomId: room.id, content: "faster" });
  };
  await expect(importFile(command, { source: interrupted(), findFile: noFiles })).rejects.toThrow(
    /^Line 1: Message \d+ would stand before/,
  );
  expect(await unread(john, room)).toBe(1);
  const { chat_user: users = [] } = await contentOf(world.database);
  expect(users).not.toContainEqual(expect.objectContaining({ username: "after" }));
});

test("somebody whom the host product deletes meanwhile does not come into anything", async () => {
  const lea = await world.person("lea");
  const members = { kind: "project", id: project.id, host_id: project.hostId, name: project.name, members: [lea.id] };
  const room = { kind: "room", id: 700, type: "group", name: "Late", project: project.id, created_by: john.id };
  const interrupted = async function* (): AsyncGenerator<Uint8Array, void> {
    yield* fileOf([members, { ...room, participants: [lea.id] }, ...aBatchAfterIt()]);
    await upsertUsers(world.host(), { users: [{ id: lea.hostId, isDeleted: true }] });
  };
  const { chat_membership: memberships, chat_room: rooms } = await contentOf(world.database);
  await expect(importFile(command, { source: interrupted(), findFile: noFiles })).rejects.toThrow(
    `Line 1: User ${lea.id} has been deleted in the host product`,
  );
  expect(await contentOf(world.database)).toMatchObject({ chat_membership: memberships, chat_room: rooms });
});
