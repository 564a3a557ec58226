import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { FollowerBench, seqsOf, take, upTo } from "../../test/follower-bench.js";
import { connectionLost } from "../../test/test-node.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import { query, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import type { Room } from "../rooms/room.js";
import { resyncRequired, roomStream } from "./stream.js";

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
beforeEach(() => {
  bench = new FollowerBench(world, ada);
});
afterEach(() => bench.close());

const newRoom = (): Promise<Room> => world.group(project, ada);

describe("when the database is away", () => {
  test("a follower that must read the log waits, and goes on where it was", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    await bench.send(room, 3);
    const follower = await bench.follow(start);
    bench.node.away = connectionLost();
    const reading = take(follower, 3);
    await until(() => world.clock.pending > 1, "the follower to pause");
    bench.node.away = undefined;
    world.clock.advance(1_000);
    expect(seqsOf(await reading)).toEqual(upTo(3));
  });

  test("closing ends the waiting", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    await bench.send(room, 1);
    const follower = await bench.follow(start);
    bench.node.away = connectionLost();
    const waiting = follower.next();
    await until(() => world.clock.pending > 1, "the follower to pause");
    follower.close();
    expect(await waiting).toBeUndefined();
    expect(world.clock.pending).toBe(0);
  });

  test("an error of another kind ends it, and is not repeated for ever", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    await bench.send(room, 1);
    const follower = await bench.follow(start);
    bench.node.away = new Error("a bug");
    await expect(follower.next()).rejects.toThrow("a bug");
  });

  test("a join that fails leaves nothing behind, and the next one works", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    bench.node.away = connectionLost();
    const joins = [bench.follow(start), bench.follow(start)];
    expect((await Promise.allSettled(joins)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(bench.node.pubsub.subscriptions).toBe(0);
    bench.node.away = undefined;
    const follower = await bench.follow(start);
    await bench.send(room, 1);
    expect(seqsOf(await take(follower, 1))).toEqual([1]);
  });

  test("two joins that fail together do not take away what a third has opened meanwhile", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    bench.node.away = connectionLost();
    const failing = [bench.follow(start), bench.follow(start)].map((join) => join.catch(() => "failed"));
    await Promise.race(failing);
    bench.node.away = undefined;
    const follower = await bench.follow(start);
    await Promise.all(failing);
    expect(bench.node.feed.hubsOf([roomStream(room.id)])).toHaveLength(1);
    follower.close();
    expect(bench.node.feed.hubsOf([roomStream(room.id)])).toEqual([]);
  });

  test("the look at what moved is repeated by itself", async () => {
    const room = await newRoom();
    const follower = await bench.follow(await bench.start(room));
    bench.node.pubsub.misfortune = { lost: 1, doubled: 0, late: 0 };
    await bench.send(room, 1);
    bench.node.away = connectionLost();
    const before = bench.node.asked;
    world.clock.advance(1_000);
    await until(() => bench.node.asked > before && world.clock.pending > 0, "the next look to be due");
    bench.node.away = undefined;
    const reading = take(follower, 1);
    world.clock.advance(1_000);
    expect(seqsOf(await reading)).toEqual([1]);
  });
});

describe("when the broker is away", () => {
  /** Lets the look that is due come to its end: the next one is then due after the time that it takes now. */
  async function look(afterMs: number): Promise<void> {
    const before = bench.node.asked;
    world.clock.advance(afterMs);
    await until(() => bench.node.asked > before && world.clock.pending > 0, "a look at the log");
  }

  test("the log is looked at more often, and as before when it is back", async () => {
    const room = await newRoom();
    const follower = await bench.follow(await bench.start(room));
    bench.node.pubsub.isConnected = false;
    await look(1_000);
    await bench.send(room, 1);
    const reading = take(follower, 1);
    world.clock.advance(249);
    const before = bench.node.asked;
    world.clock.advance(1);
    expect(bench.node.asked).toBe(before + 1);
    expect(seqsOf(await reading)).toEqual([1]);
    await until(() => world.clock.pending > 0, "the next look to be due");
    bench.node.pubsub.isConnected = true;
    await look(250);
    const asked = bench.node.asked;
    world.clock.advance(749);
    expect(bench.node.asked).toBe(asked);
  });

  test("what it did not bring is found at once when it is back", async () => {
    const room = await newRoom();
    const follower = await bench.follow(await bench.start(room));
    bench.node.pubsub.isConnected = false;
    await bench.send(room, 2);
    const reading = take(follower, 2);
    bench.node.pubsub.isConnected = true;
    expect(seqsOf(await reading)).toEqual([1, 2]);
  });
});

describe("a position that can't be resumed", () => {
  test("in a stream with another epoch ends the following, also when the new numbers are lower", async () => {
    const room = await newRoom();
    await bench.send(room, 3);
    const follower = await bench.follow(await bench.start(room));
    await query(
      world.database.fork(),
      sql`update feed_stream set epoch = epoch + 1, last_seq = 1 where id = ${roomStream(room.id)}`,
    );
    await query(world.database.fork(), sql`delete from feed_entry where stream = ${roomStream(room.id)} and seq > 1`);
    const reading = follower.next();
    await bench.send(room, 1);
    await expect(reading).rejects.toEqual(resyncRequired());
  });

  test("because the log was purged under a slow reader ends the following", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    await bench.send(room, 3);
    const follower = await bench.follow(start);
    await query(world.database.fork(), sql`delete from feed_entry where stream = ${roomStream(room.id)} and seq < 3`);
    await expect(follower.next()).rejects.toEqual(resyncRequired());
  });
});
