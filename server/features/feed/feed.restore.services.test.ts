import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createPostgresDatabase, type PostgresDatabase } from "../../test/postgres.js";
import { RecordingClient } from "../../test/recording-client.js";
import { until } from "../../test/until.js";
import { createWorld, openPostgresTestDatabase, type World } from "../../test/world.js";
import type { Project, User } from "../directory/directory.js";
import { sendMessage } from "../messages/message.actions.js";
import type { Room } from "../rooms/room.js";
import { followRoom } from "../rooms/room.follow.js";
import { checkOriginBy } from "./feed.origin.js";
import { headOf, unresumable } from "./feed.queries.js";
import { formatCursor, roomStream, type Position } from "./stream.js";

let world: World;
let postgres: PostgresDatabase;
let project: Project;
let ada: User;
beforeAll(async () => {
  postgres = await createPostgresDatabase();
  world = await createWorld({ database: await openPostgresTestDatabase(postgres) });
  project = await world.project("apollo");
  ada = await world.person("ada", project);
});
afterAll(() => world.close());

const send = (room: Room, content: string): Promise<unknown> =>
  sendMessage(world.as(ada), { roomId: room.id, content });

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
  await postgres.backUp();
  const before = new RecordingClient(world, ada.id);
  await untilBack(() => before.connect(world.feed));
  await send(room, "lost with the old database");
  await until(() => before.seqs(roomStream(room.id)).length === 1, "the message");
  const cursor = before.positionOf(roomStream(room.id));
  await postgres.restore();
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
  await postgres.backUp();
  await untilBack(() => send(room, "lost with the old database"));
  const before = await look();
  await postgres.restore();
  await untilBack(() => send(room, "takes the number of the lost one"));
  await send(room, "comes after it");
  expect(await look()).toMatchObject({ epoch: before?.epoch, seq: (before?.seq ?? 0) + 1 });
  expect(await isRefused(before)).toBe(true);
  const afresh = await look();
  expect([await isRefused(before), await isRefused(afresh)]).toEqual([true, false]);
});

test("a database that is restored has another epoch on the first connection to it, whoever asks first, and nodes that follow learn of it", async () => {
  const room = await world.group(project, ada);
  const look = () => headOf(world.database.fork(), roomStream(room.id));
  world.database.checkConnections(checkOriginBy);
  await postgres.backUp();
  const follower = new RecordingClient(world, ada.id);
  await untilBack(() => follower.connect(world.feed));
  await world.feed.checkMoved();
  const before = await look();
  await postgres.restore();
  await untilBack(look);
  expect((await look())?.epoch).not.toBe(before?.epoch);
  await world.feed.checkMoved();
  await until(() => follower.failure !== undefined, "the follower to be told");
  expect(follower.failure).toMatchObject({ code: "RESYNC_REQUIRED" });
});
