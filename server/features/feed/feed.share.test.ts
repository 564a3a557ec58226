import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { FollowerBench, seqsOf, take, upTo } from "../../test/follower-bench.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import type { Project, User } from "../directory/directory.js";
import { jsonb, query, sql } from "../../platform/sql.js";
import { deleteMessage, editMessage, sendMessage } from "../messages/message.actions.js";
import { removeParticipant } from "../rooms/participant.actions.js";
import type { Room } from "../rooms/room.js";
import { setTyping } from "../typing/typing.actions.js";
import type { Follower } from "./feed.follow.js";
import type { Taker, View } from "./feed.offer.js";
import { createView, type Make } from "./feed.share.js";
import type { Delivery } from "./room-event.js";
import { roomStream, type Position } from "./stream.js";

let world: World;
let project: Project;
let ada: User;
let ben: User;
let cleo: User;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  ada = await world.person("ada", project);
  ben = await world.person("ben", project);
  cleo = await world.person("cleo", project);
});
afterAll(() => world.close());

let bench: FollowerBench;
let room: Room;
let start: Position;
beforeEach(async () => {
  bench = new FollowerBench(world, ada);
  room = await world.group(project, ada, ben, cleo);
  start = await bench.start(room);
});
afterEach(() => bench.close());

/** Somebody who shares a view: what they are pushed, what they read by themselves, and both in their order. */
class Sharer {
  readonly pushed: Delivery[] = [];
  readonly read: Delivery[] = [];
  readonly all: Delivery[] = [];
  isFull = false;
  isBroken = false;
  reading = true;

  async follow(follower: Follower): Promise<void> {
    for (let next = await follower.next(); next !== undefined; next = await follower.next()) {
      this.read.push(next);
      this.all.push(next);
      await until(() => this.reading);
    }
  }

  push(delivery: Delivery): boolean {
    if (this.isBroken) throw new Error("broken");
    if (this.isFull) return false;
    this.pushed.push(delivery);
    this.all.push(delivery);
    return true;
  }
}

let made = 0;
const whole: Make = async (delivery) => {
  made += 1;
  return Buffer.from(JSON.stringify(delivery));
};

function gather(make = whole): (user: User, ...after: readonly Position[]) => Promise<Sharer> {
  made = 0;
  const view = createView(bench.node.feed, make);
  return async (user, ...after) => {
    const sharer = new Sharer();
    const send = (bytes: Buffer): boolean => sharer.push(parseDelivery(bytes));
    const follower = await bench.followShared(
      { viewerId: user.id, view, send },
      ...(after.length === 0 ? [start] : after),
    );
    void sharer.follow(follower);
    return sharer;
  };
}

function parseDelivery(bytes: Buffer): Delivery {
  return JSON.parse(bytes.toString()) as Delivery;
}

const has = (sharers: readonly Sharer[], count: number): Promise<unknown> =>
  until(() => sharers.every(({ all }) => all.length >= count), `${count} events`);
const kinds = (deliveries: readonly Delivery[]) => deliveries.map(({ event }) => event.kind);

describe("those who share a view", () => {
  test("are sent the same bytes, which are made once", async () => {
    const join = gather();
    const sharers = [await join(ben), await join(ben), await join(cleo)];
    await bench.send(room, 5);
    await has(sharers, 5);
    for (const { pushed, read } of sharers) expect([seqsOf(pushed), read]).toEqual([upTo(5), []]);
    expect(made).toBe(5);
  });

  test("read what they missed by themselves, and are sent what comes after just that", async () => {
    await bench.send(room, 3);
    const join = gather();
    const sharers = [await join(ben), await join(cleo, { ...start, seq: 2 })];
    await has(sharers.slice(0, 1), 3);
    await has(sharers.slice(1), 1);
    await bench.send(room, 2);
    await has(sharers.slice(0, 1), 5);
    await has(sharers.slice(1), 3);
    expect(sharers.map(({ read, pushed }) => [seqsOf(read), seqsOf(pushed)])).toEqual([
      [
        [1, 2, 3],
        [4, 5],
      ],
      [[3], [4, 5]],
    ]);
  });

  test("keep nothing from each other: one that can't be sent anything reads by itself", async () => {
    const join = gather();
    const [broken, well] = [await join(ben), await join(cleo)];
    broken.isBroken = true;
    await bench.send(room, 3);
    await has([broken, well], 3);
    expect([seqsOf(broken.read), seqsOf(well.pushed)]).toEqual([upTo(3), upTo(3)]);
  });

  test("are sent nothing of a stream that they follow no more", async () => {
    const joined: Taker[] = [];
    const view: View = {
      join(stream, taker) {
        joined.push(taker);
        return bench.node.feed.join(stream, { moved() {}, heard() {} });
      },
    };
    await bench.send(room, 1);
    const [first] = await take(await bench.follow(start), 1);
    if (first === undefined) throw new Error("Nothing was sent.");
    const sent: string[] = [];
    const send = (bytes: Buffer): boolean => sent.push(bytes.toString()) > 0;
    const follower = await bench.followShared({ viewerId: ben.id, view, send }, { ...start, seq: 1 });
    void follower.next();
    const offer = (seq: number): void =>
      joined[0]?.offer({ key: "", delivery: { ...first, seq }, isFor: () => true, bytes: Buffer.from(`event ${seq}`) });
    offer(2);
    follower.drop(start.stream);
    offer(3);
    expect(sent).toEqual(["event 2"]);
  });

  test("hold nobody up: who has too much unsent reads at their own pace, and is sent again what comes then", async () => {
    const join = gather();
    const [slow, quick] = [await join(ben), await join(cleo)];
    slow.isFull = true;
    slow.reading = false;
    await bench.send(room, 10);
    await has([quick], 10);
    expect(slow.all.length).toBe(1);
    slow.isFull = false;
    await bench.send(room, 1);
    await has([quick], 11);
    expect(slow.all.length).toBe(1);
    slow.reading = true;
    await has([slow], 11);
    await bench.send(room, 1);
    await has([slow, quick], 12);
    expect([seqsOf(slow.all), seqsOf(slow.pushed)]).toEqual([upTo(12), [12]]);
    expect(seqsOf(quick.pushed)).toEqual(upTo(12));
  });

  test("read by themselves what is another thing to them: their own key, their removal, their typing", async () => {
    const join = gather();
    const [author, removed, other] = [await join(ada), await join(ben), await join(cleo)];
    const clientMutationId = "6f1d1c1a-58b6-4cf7-9a40-6b5ae6a0e7c5";
    const message = await sendMessage(bench.node.as(ada), { roomId: room.id, content: "mine", clientMutationId });
    await editMessage(bench.node.as(ada), { messageId: message.id, content: "still mine" });
    await deleteMessage(bench.node.as(ada), { messageId: message.id });
    await setTyping(bench.node.as(ada), { roomId: room.id, isTyping: true });
    await removeParticipant(bench.node.as(ada), { roomId: room.id, person: { id: ben.id } });
    await has([author, removed, other], 5);
    expect(kinds(author.read)).toEqual(["message_sent", "message_edited", "typing_changed"]);
    expect(kinds(removed.read)).toEqual(["participant_removed"]);
    expect(other.read).toEqual([]);
    expect(seqsOf(other.pushed).filter((seq) => seq !== null)).toEqual(upTo(4));
  });

  test("read by themselves what can't be made for all", async () => {
    const join = gather(async (delivery) => {
      if (delivery.seq === 2) throw new Error("It can't be made.");
      return whole(delivery);
    });
    const sharers = [await join(ben), await join(cleo)];
    await bench.send(room, 3);
    await has(sharers, 3);
    for (const { read, all } of sharers) expect([seqsOf(read), seqsOf(all)]).toEqual([[2], upTo(3)]);
  });

  test("go on after an event of a version that is just being rolled out, wherever they hear of it", async () => {
    const join = gather(async (delivery) =>
      String(delivery.event.kind) === "of_tomorrow" ? undefined : whole(delivery),
    );
    const sharers = [await join(ben), await join(cleo)];
    const { stream, epoch } = start;
    const append = () =>
      query(world.database.fork(), sql`select feed_append_v1(${stream}, 'of_tomorrow', null, ${jsonb({ any: 1 })})`);
    await append();
    const delivery = {
      stream,
      epoch,
      seq: 1,
      event: { kind: "of_tomorrow", any: 1 },
      snapshots: { users: [], messages: [] },
    };
    await bench.node.pubsub.publish(`stream:${stream}`, JSON.stringify({ delivery }));
    await has(sharers, 1);
    await append();
    await bench.send(room, 1);
    await has(sharers, 3);
    for (const { all } of sharers) expect(seqsOf(all)).toEqual(upTo(3));
  });

  test("get everything in order, whatever is made slowly and whoever comes meanwhile", async () => {
    const gates: (() => void)[] = [];
    const join = gather(async (delivery) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      return whole(delivery);
    });
    const first = await join(ben);
    await bench.send(room, 2);
    const late = await join(cleo);
    await has([late], 2);
    await bench.send(room, 1);
    await until(() => {
      gates.shift()?.();
      return [first, late].every(({ all }) => all.length === 3);
    });
    for (const { all } of [first, late]) expect(seqsOf(all)).toEqual(upTo(3));
    expect(seqsOf(late.read)).toEqual([1, 2]);
  });

  test("read what is not in memory any more from the log, without the words that were deleted meanwhile", async () => {
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    const join = gather((delivery) => opened.then(() => whole(delivery)));
    const sharers = [await join(ben), await join(cleo)];
    await bench.send(room, 1);
    const message = await sendMessage(bench.node.as(ada), { roomId: room.id, content: "a secret" });
    await deleteMessage(bench.node.as(ada), { messageId: message.id });
    open();
    await has(sharers, 3);
    for (const { all } of sharers) expect(seqsOf(all)).toEqual(upTo(3));
    expect(JSON.stringify(sharers)).not.toContain("secret");
  });

  test("hear once of a person whom they share two rooms with", async () => {
    const other = await world.group(project, ada, ben);
    const join = gather();
    const sharer = await join(ben, start, await bench.start(other));
    const snapshots = { users: [ada], messages: [] };
    const message = { key: `user:${ada.id}`, event: { kind: "user_changed", userId: ada.id }, snapshots } as const;
    const streams = [roomStream(room.id), roomStream(other.id)];
    for (const hub of bench.node.feed.hubsOf(streams)) hub.hear({ stream: hub.stream, ...message });
    await bench.send(room, 1);
    await bench.send(other, 1);
    await has([sharer], 3);
    expect(kinds(sharer.all).filter((kind) => kind === "user_changed")).toEqual(["user_changed"]);
  });

  test("are told to start afresh, all of them, when the stream is another one", async () => {
    const view = createView(bench.node.feed, whole);
    const reader = (user: User) => ({ viewerId: user.id, view, send: () => true });
    const followers = [await bench.followShared(reader(ben), start), await bench.followShared(reader(cleo), start)];
    const ends = followers.map((follower) =>
      expect(take(follower, 1)).rejects.toMatchObject({ code: "RESYNC_REQUIRED" }),
    );
    await query(world.database.fork(), sql`update feed_stream set epoch = epoch + 1 where id = ${roomStream(room.id)}`);
    await bench.node.feed.checkHeads([roomStream(room.id)]);
    await Promise.all(ends);
  });

  test("leave nothing behind when the last one goes", async () => {
    const join = gather();
    await join(ben);
    await join(cleo);
    await bench.close();
    expect(bench.node.pubsub.subscriptions).toBe(0);
  });
});
