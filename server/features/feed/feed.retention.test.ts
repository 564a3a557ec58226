import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { FollowerBench, seqsOf, take } from "../../test/follower-bench.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { deleteRoom } from "../rooms/room.actions.js";
import type { Room } from "../rooms/room.js";
import { deleteBatch, startRetention } from "./feed.retention.js";
import { resyncRequired, roomStream, type StreamId } from "./stream.js";

const DAY_MS = 86_400_000;
const SWEEP_MS = 10 * 60_000;

let world: World;
let project: Project;
let ada: User;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  ada = await world.person("ada", project);
});
afterAll(() => world.close());

let bench: FollowerBench;
let room: Room;
let stream: StreamId;
beforeEach(async () => {
  bench = new FollowerBench(world, ada);
  room = await world.group(project, ada);
  stream = roomStream(room.id);
});
afterEach(() => bench.close());

async function kept(of: StreamId): Promise<readonly number[]> {
  const rows = await query<{ seq: number }>(
    world.database.fork(),
    sql`select seq from feed_entry where stream = ${of} order by seq`,
  );
  return rows.map(({ seq }) => seq);
}

/** Makes the entries of a stream up to this one older by so many days. */
async function age(of: StreamId, upTo: number, days: number): Promise<void> {
  await query(
    world.database.fork(),
    sql`update feed_entry set at = at - ${days} * interval '1 day' where stream = ${of} and seq <= ${upTo}`,
  );
}

function retain(days: number): () => Promise<void> {
  const { clock, services } = world;
  return startRetention({
    fork: () => world.database.fork(),
    clock,
    logger: services.logger,
    retentionMs: days * DAY_MS,
  });
}

test("what is older than the retention leaves the log from time to time; what is younger stays", async () => {
  await bench.send(room, 4);
  await age(stream, 2, 31);
  const end = retain(30);
  expect(await kept(stream)).toEqual([1, 2, 3, 4]);
  world.clock.advance(SWEEP_MS);
  await until(async () => (await kept(stream)).length === 2, "the old entries to go");
  expect(await kept(stream)).toEqual([3, 4]);
  await age(stream, 3, 31);
  // The look after this one is timed once this one is through.
  await until(() => world.clock.pending > 0, "the next look");
  world.clock.advance(SWEEP_MS);
  await until(async () => (await kept(stream)).length === 1, "the next old entry to go");
  await end();
});

test("the messages stay, and who resumes from before is told to start afresh", async () => {
  const start = await bench.start(room);
  await bench.send(room, 3);
  await age(stream, 2, 31);
  await deleteBatch(world.database.fork(), 30 * DAY_MS);
  const row = await queryOne<{ count: number }>(
    world.database.fork(),
    sql`select count(*)::int as count from chat_message where room_id = ${room.id}`,
  );
  expect(row?.count).toBe(3);
  const tooLate = await bench.follow(start);
  await expect(tooLate.next()).rejects.toEqual(resyncRequired());
  const inTime = await bench.follow({ ...start, seq: 2 });
  expect(seqsOf(await take(inTime, 1))).toEqual([3]);
});

test("who reads on while the log is emptied under them gets a refusal, and no gap", async () => {
  const start = await bench.start(room);
  // More than are read ahead.
  await bench.append(room, 250);
  const follower = await bench.follow(start);
  expect(seqsOf(await take(follower, 1))).toEqual([1]);
  await age(stream, 240, 31);
  await deleteBatch(world.database.fork(), 30 * DAY_MS);
  const seqs: (number | null)[] = [];
  await expect(
    (async () => {
      for (;;) seqs.push((await follower.next())?.seq ?? null);
    })(),
  ).rejects.toEqual(resyncRequired());
  expect(seqs).toEqual(seqs.map((_, index) => index + 2));
});

test("a batch takes some of the oldest, and says how many", async () => {
  await bench.append(room, 1_300);
  await age(stream, 1_200, 31);
  expect(await deleteBatch(world.database.fork(), 30 * DAY_MS)).toBe(1_000);
  expect((await kept(stream))[0]).toBe(1_001);
  expect(await deleteBatch(world.database.fork(), 30 * DAY_MS)).toBe(200);
  expect(await deleteBatch(world.database.fork(), 30 * DAY_MS)).toBe(0);
});

test("of a deleted room only its counters are left in the end, for the case that it comes back", async () => {
  await bench.send(room, 1);
  await deleteRoom(world.as(ada), { roomId: room.id });
  await age(stream, 2, 31);
  await deleteBatch(world.database.fork(), 30 * DAY_MS);
  expect(await kept(stream)).toEqual([]);
  expect(await query(world.database.fork(), sql`select last_seq from feed_stream where id = ${stream}`)).toEqual([
    { last_seq: 2 },
  ]);
});

test("once it has ended nothing is deleted any more", async () => {
  await bench.send(room, 2);
  await age(stream, 2, 31);
  const end = retain(30);
  await end();
  expect(world.clock.pending).toBe(0);
  world.clock.advance(SWEEP_MS);
  expect(await kept(stream)).toEqual([1, 2]);
});
