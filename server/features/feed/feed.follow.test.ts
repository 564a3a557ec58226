import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { pino } from "pino";
import { createLossyPubSub, type LossyPubSub } from "../../test/lossy-pubsub.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import { jsonb, query, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { sendMessage } from "../messages/message.actions.js";
import { snapshotsOf } from "../messages/message.queries.js";
import type { Room, RoomId } from "../rooms/room.js";
import { Follower } from "./feed.follow.js";
import { createFeed, type Feed } from "./feed.node.js";
import { headOf } from "./feed.queries.js";
import type { Delivery } from "./room-event.js";
import { resyncRequired, roomStream, type Position, type StreamId } from "./stream.js";

let world: World;
let project: Project;
let ada: User;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  ada = await world.person("ada", project);
});
afterAll(() => world.close());

let pubsub: LossyPubSub;
let feed: Feed;
/** Set: the database is away. */
let away: Error | undefined;
let asked = 0;
let controllers: AbortController[];
beforeEach(() => {
  pubsub = createLossyPubSub(1);
  away = undefined;
  asked = 0;
  controllers = [];
  const fork = (): ReturnType<World["database"]["fork"]> => {
    asked += 1;
    if (away !== undefined) throw away;
    return world.database.fork();
  };
  feed = createFeed({ fork, pubsub, clock: world.clock, logger: pino({ level: "silent" }), snapshots: snapshotsOf });
});
afterEach(async () => {
  for (const controller of controllers) controller.abort();
  // Nothing may stay behind of anybody who has gone.
  await allGone();
  await feed.close();
});

const allGone = (): Promise<true> => until(() => pubsub.subscriptions === 0, "all subscriptions to end");
const connectionLost = (): Error =>
  Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" });
const newRoom = (): Promise<Room> => world.group(project, ada);

async function headsOfRooms(...rooms: readonly Room[]): Promise<readonly Position[]> {
  return Promise.all(
    rooms.map(async ({ id }) => {
      const head = await headOf(world.database.fork(), roomStream(id));
      if (head === undefined) throw new Error("There is no such stream.");
      return head;
    }),
  );
}

async function follow(...positions: readonly Position[]): Promise<Follower> {
  const controller = new AbortController();
  controllers.push(controller);
  const follower = new Follower(feed, controller.signal);
  for (const position of positions) await follower.add(position);
  return follower;
}

async function send(room: { readonly id: RoomId }, count: number): Promise<void> {
  const scope = { ...world.as(ada), services: { ...world.services, pubsub } };
  for (let n = 0; n < count; n += 1) await sendMessage(scope, { roomId: room.id, content: "hello" });
}

/** Many entries at once, of which nobody is told. */
async function append({ id }: Room, count: number): Promise<void> {
  const stream = roomStream(id);
  await query(
    world.database.fork(),
    sql`select count(*) from generate_series(1, ${count}) n,
        lateral feed_append_v1(${stream}, case when n > 0 then 'room_deleted' end, null, ${jsonb({ roomId: id })})`,
  );
}

async function take(follower: Follower, count: number): Promise<readonly Delivery[]> {
  const taken: Delivery[] = [];
  while (taken.length < count) {
    const delivery = await follower.next();
    if (delivery === undefined) break;
    taken.push(delivery);
  }
  return taken;
}

const seqsOf = (deliveries: readonly Delivery[], stream?: StreamId): readonly (number | null)[] =>
  deliveries.filter((delivery) => stream === undefined || delivery.stream === stream).map(({ seq }) => seq);
const upTo = (count: number, from = 1): readonly number[] => Array.from({ length: count }, (_, index) => from + index);

describe("a follower", () => {
  test("gets first what was missed, then what happens", async () => {
    const room = await newRoom();
    const [start] = await headsOfRooms(room);
    await send(room, 3);
    const follower = await follow(start as Position);
    const reading = take(follower, 5);
    await send(room, 2);
    expect(seqsOf(await reading)).toEqual(upTo(5));
  });

  test("that is far behind reads the log in pages", async () => {
    const room = await newRoom();
    const [start] = await headsOfRooms(room);
    await append(room, 230);
    expect(seqsOf(await take(await follow(start as Position), 230))).toEqual(upTo(230));
  });

  test("that does not read holds nothing up and finds everything later", async () => {
    const room = await newRoom();
    const [start] = await headsOfRooms(room);
    const [slow, quick] = [await follow(start as Position), await follow(start as Position)];
    await send(room, 30);
    expect(seqsOf(await take(quick, 30))).toEqual(upTo(30));
    expect(seqsOf(await take(slow, 30))).toEqual(upTo(30));
  });

  test("costs the database nothing while it keeps up", async () => {
    const room = await newRoom();
    const follower = await follow(...(await headsOfRooms(room)));
    const before = asked;
    await send(room, 20);
    expect(seqsOf(await take(follower, 20))).toEqual(upTo(20));
    expect(asked).toBe(before);
  });

  test("lets a quiet room have its turn beside a busy one", async () => {
    const [busy, quiet] = [await newRoom(), await newRoom()];
    const starts = await headsOfRooms(busy, quiet);
    const follower = await follow(...starts);
    await send(busy, 20);
    await send(quiet, 1);
    const first = await take(follower, 4);
    expect(seqsOf(first, roomStream(quiet.id))).toEqual([1]);
    expect(seqsOf([...first, ...(await take(follower, 17))], roomStream(busy.id))).toEqual(upTo(20));
  });

  test("in which a quiet room waits for a page of a busy one's past at most", async () => {
    const [busy, quiet] = [await newRoom(), await newRoom()];
    const starts = await headsOfRooms(busy, quiet);
    await append(busy, 250);
    await send(quiet, 1);
    const taken = await take(await follow(...starts), 251);
    const place = taken.findIndex(({ stream }) => stream === roomStream(quiet.id));
    expect(place).toBeLessThanOrEqual(100);
    expect(seqsOf(taken, roomStream(busy.id))).toEqual(upTo(250));
  });

  test("gets nothing more of a room that it drops, read ahead or heard", async () => {
    const [left, kept] = [await newRoom(), await newRoom()];
    const starts = await headsOfRooms(left, kept);
    await send(left, 5);
    const follower = await follow(...starts);
    await take(follower, 1);
    for (const hub of feed.hubsOf([roomStream(left.id)])) {
      hub.hear({
        stream: hub.stream,
        event: { kind: "user_changed", userId: ada.id },
        snapshots: { users: [], messages: [] },
        key: "x",
      });
    }
    follower.drop(roomStream(left.id));
    await send(left, 1);
    await send(kept, 1);
    const [next] = await take(follower, 1);
    expect([next?.stream, next?.seq]).toEqual([roomStream(kept.id), 1]);
    expect(feed.hubsOf([roomStream(left.id)])).toEqual([]);
  });

  test("that is closed wakes up, and leaves no hub, no subscription, no timer and no listener behind", async () => {
    const room = await newRoom();
    const controller = new AbortController();
    const removed = jest.spyOn(controller.signal, "removeEventListener");
    const follower = new Follower(feed, controller.signal);
    for (const head of await headsOfRooms(room)) await follower.add(head);
    const waiting = follower.next();
    follower.close();
    expect(await waiting).toBeUndefined();
    expect(await follower.next()).toBeUndefined();
    expect(feed.hubsOf([roomStream(room.id)])).toEqual([]);
    await allGone();
    expect(world.clock.pending).toBe(0);
    expect(removed).toHaveBeenCalledTimes(1);
  });

  test("that is closed just when it finds that there is nothing more does not wait for ever", async () => {
    const room = await newRoom();
    const follower = await follow(...(await headsOfRooms(room)));
    follower.moved(roomStream(room.id));
    const waiting = follower.next();
    queueMicrotask(() => follower.close());
    expect(await waiting).toBeUndefined();
  });

  test("that is closed while it joins does not stay", async () => {
    const room = await newRoom();
    const [head] = await headsOfRooms(room);
    const follower = await follow();
    const joining = follower.add(head as Position);
    follower.close();
    await joining;
    expect(feed.hubsOf([roomStream(room.id)])).toEqual([]);
  });
});

describe("when the database is away", () => {
  test("a follower that must read the log waits, and goes on where it was", async () => {
    const room = await newRoom();
    const [start] = await headsOfRooms(room);
    await send(room, 3);
    const follower = await follow(start as Position);
    away = connectionLost();
    const reading = take(follower, 3);
    await until(() => world.clock.pending > 1, "the follower to pause");
    away = undefined;
    world.clock.advance(1_000);
    expect(seqsOf(await reading)).toEqual(upTo(3));
  });

  test("closing ends the waiting", async () => {
    const room = await newRoom();
    const [start] = await headsOfRooms(room);
    await send(room, 1);
    const follower = await follow(start as Position);
    away = connectionLost();
    const waiting = follower.next();
    await until(() => world.clock.pending > 1, "the follower to pause");
    follower.close();
    expect(await waiting).toBeUndefined();
    expect(world.clock.pending).toBe(0);
  });

  test("an error of another kind ends it, and is not repeated for ever", async () => {
    const room = await newRoom();
    const [start] = await headsOfRooms(room);
    await send(room, 1);
    const follower = await follow(start as Position);
    away = new Error("a bug");
    await expect(follower.next()).rejects.toThrow("a bug");
  });

  test("a join that fails leaves nothing behind, and the next one works", async () => {
    const room = await newRoom();
    const [start] = await headsOfRooms(room);
    away = connectionLost();
    const joins = [follow(start as Position), follow(start as Position)];
    expect((await Promise.allSettled(joins)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(pubsub.subscriptions).toBe(0);
    away = undefined;
    const follower = await follow(start as Position);
    await send(room, 1);
    expect(seqsOf(await take(follower, 1))).toEqual([1]);
  });

  test("two joins that fail together do not take away what a third has opened meanwhile", async () => {
    const room = await newRoom();
    const [start] = await headsOfRooms(room);
    away = connectionLost();
    const failing = [follow(start as Position), follow(start as Position)].map((join) => join.catch(() => "failed"));
    await Promise.race(failing);
    away = undefined;
    const follower = await follow(start as Position);
    await Promise.all(failing);
    expect(feed.hubsOf([roomStream(room.id)])).toHaveLength(1);
    follower.close();
    expect(feed.hubsOf([roomStream(room.id)])).toEqual([]);
  });

  test("the look at what moved is repeated by itself", async () => {
    const room = await newRoom();
    const follower = await follow(...(await headsOfRooms(room)));
    pubsub.misfortune = { lost: 1, doubled: 0, late: 0 };
    await send(room, 1);
    away = connectionLost();
    const before = asked;
    world.clock.advance(1_000);
    await until(() => asked > before && world.clock.pending > 0, "the next look to be due");
    away = undefined;
    const reading = take(follower, 1);
    world.clock.advance(1_000);
    expect(seqsOf(await reading)).toEqual([1]);
  });
});

describe("a position that can't be resumed", () => {
  test("in a stream with another epoch ends the following, also when the new numbers are lower", async () => {
    const room = await newRoom();
    await send(room, 3);
    const follower = await follow(...(await headsOfRooms(room)));
    await query(
      world.database.fork(),
      sql`update feed_stream set epoch = epoch + 1, last_seq = 1 where id = ${roomStream(room.id)}`,
    );
    await query(world.database.fork(), sql`delete from feed_entry where stream = ${roomStream(room.id)} and seq > 1`);
    const reading = follower.next();
    await send(room, 1);
    await expect(reading).rejects.toEqual(resyncRequired());
  });

  test("because the log was purged under a slow reader ends the following", async () => {
    const room = await newRoom();
    const [start] = await headsOfRooms(room);
    await send(room, 3);
    const follower = await follow(start as Position);
    await query(world.database.fork(), sql`delete from feed_entry where stream = ${roomStream(room.id)} and seq < 3`);
    await expect(follower.next()).rejects.toEqual(resyncRequired());
  });
});
