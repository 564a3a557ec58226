import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { RecordingClient } from "../../test/recording-client.js";
import { until } from "../../test/until.js";
import { createWorld, openPostgresTestDatabase, openPostgresServer, type World } from "../../test/world.js";
import type { Database } from "../../platform/orm.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { sendMessage } from "../messages/message.actions.js";
import type { Room } from "../rooms/room.js";
import { followRoom } from "../rooms/room.follow.js";
import { headOf, unresumable } from "./feed.queries.js";
import { formatCursor, roomStream, type Position } from "./stream.js";

let world: World;
let server: Database;
let name: string;
let project: Project;
let ada: User;
beforeAll(async () => {
  world = await createWorld({ database: await openPostgresTestDatabase() });
  server = await openPostgresServer();
  const row = await queryOne<{ name: string }>(world.database.fork(), sql`select current_database() as name`);
  name = row?.name ?? "";
  project = await world.project("apollo");
  ada = await world.person("ada", project);
});
afterAll(async () => {
  await query(server.fork(), sql`drop database if exists ${sql.ref(lostName())} with (force)`);
  await server.close();
  await world.close();
});

const lostName = (): string => `${name}_lost`;
const backupName = (): string => `${name}_backup`;
const send = (room: Room, content: string): Promise<unknown> =>
  sendMessage(world.as(ada), { roomId: room.id, content });

/** Does something with the database that nobody may be connected to meanwhile. */
async function whileClosed(work: () => Promise<void>): Promise<void> {
  await query(server.fork(), sql`alter database ${sql.ref(name)} with allow_connections false`);
  await query(server.fork(), sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`);
  await work();
  await query(server.fork(), sql`alter database ${sql.ref(name)} with allow_connections true`);
}

const backUp = (): Promise<void> =>
  whileClosed(async () => {
    await query(server.fork(), sql`create database ${sql.ref(backupName())} template ${sql.ref(name)}`);
  });

const restore = (): Promise<void> =>
  whileClosed(async () => {
    await query(server.fork(), sql`alter database ${sql.ref(name)} rename to ${sql.ref(lostName())}`);
    await query(server.fork(), sql`alter database ${sql.ref(backupName())} rename to ${sql.ref(name)}`);
  });

/** Tries until the database takes connections again. */
const untilBack = (work: () => Promise<unknown>): Promise<unknown> =>
  until(
    () =>
      work().then(
        () => true,
        () => false,
      ),
    "the database to be back",
  );

test("a database that is restored under a running node makes everybody start afresh, and nobody misses what comes after", async () => {
  const room = await world.group(project, ada);
  await send(room, "in the backup");
  await backUp();
  const before = new RecordingClient(world, ada.id);
  await untilBack(() => before.connect(world.feed));
  await send(room, "lost with the old database");
  await until(() => before.seqs(roomStream(room.id)).length === 1, "the message");
  const cursor = before.positionOf(roomStream(room.id));
  await restore();
  // Takes the number that the lost one had.
  await untilBack(() => send(room, "after the restore"));
  await world.feed.checkMoved();
  await until(() => before.failure !== undefined, "the follower to be told");
  expect(before.failure).toMatchObject({ code: "RESYNC_REQUIRED" });
  const context = {
    viewerId: ada.id,
    feed: world.feed,
    fork: () => world.database.fork(),
    signal: new AbortController().signal,
  };
  if (cursor === undefined) throw new Error("There was no cursor.");
  await expect(followRoom(context, String(room.id), formatCursor(cursor))).rejects.toMatchObject({
    code: "RESYNC_REQUIRED",
  });
  const afresh = new RecordingClient(world, ada.id);
  await afresh.connect(world.feed);
  await send(room, "heard by who started afresh");
  await until(() => afresh.seqs(roomStream(room.id)).length === 1, "the next message");
  expect(afresh.seqs(roomStream(room.id))).toEqual([3]);
  await afresh.disconnect();
});

test("a database that is restored while nobody follows does not let anybody go on over what was lost", async () => {
  const room = await world.group(project, ada);
  const stream = roomStream(room.id);
  const look = () => headOf(world.database.fork(), stream);
  const isRefused = async (position: Position | undefined) =>
    (await unresumable(world.database.fork(), position === undefined ? [] : [position])).length > 0;
  await send(room, "in the backup");
  await backUp();
  await untilBack(() => send(room, "lost with the old database"));
  const before = await look();
  await query(server.fork(), sql`drop database if exists ${sql.ref(lostName())} with (force)`);
  await restore();
  await untilBack(() => send(room, "takes the number of the lost one"));
  await send(room, "comes after it");
  expect(await look()).toMatchObject({ epoch: before?.epoch, seq: (before?.seq ?? 0) + 1 });
  expect(await isRefused(before)).toBe(true);
  const afresh = await look();
  expect([await isRefused(before), await isRefused(afresh)]).toEqual([true, false]);
});
