import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { FollowerBench, seqsOf, take, upTo } from "../../test/follower-bench.js";
import { createWorld, type World } from "../../test/world.js";
import type { Project, User } from "../directory/directory.js";
import { deleteMessage } from "../messages/message.actions.js";
import type { Room } from "../rooms/room.js";
import { Follower } from "./feed.follow.js";
import { roomStream } from "./stream.js";

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

describe("a follower", () => {
  test("gets first what was missed, then what happens", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    await bench.send(room, 3);
    const follower = await bench.follow(start);
    const reading = take(follower, 5);
    await bench.send(room, 2);
    expect(seqsOf(await reading)).toEqual(upTo(5));
  });

  test("that has read more in the log than this node has heard of waits without spinning, and loses none of it", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    await bench.append(room, 1);
    const follower = await bench.follow(start);
    await bench.append(room, 2);
    const reading = take(follower, 4);
    await bench.send(room, 1);
    expect(seqsOf(await reading)).toEqual(upTo(4));
  });

  test("that is far behind reads the log in pages", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    await bench.append(room, 230);
    expect(seqsOf(await take(await bench.follow(start), 230))).toEqual(upTo(230));
  });

  test("that does not read holds nothing up and finds everything later", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    const [slow, quick] = [await bench.follow(start), await bench.follow(start)];
    await bench.send(room, 30);
    expect(seqsOf(await take(quick, 30))).toEqual(upTo(30));
    expect(seqsOf(await take(slow, 30))).toEqual(upTo(30));
  });

  test("costs the database nothing while it keeps up", async () => {
    const room = await newRoom();
    const follower = await bench.follow(await bench.start(room));
    const before = bench.node.asked;
    await bench.send(room, 20);
    expect(seqsOf(await take(follower, 20))).toEqual(upTo(20));
    expect(bench.node.asked).toBe(before);
  });

  test("lets a quiet room have its turn beside a busy one", async () => {
    const [busy, quiet] = [await newRoom(), await newRoom()];
    const starts = [await bench.start(busy), await bench.start(quiet)];
    const follower = await bench.follow(...starts);
    await bench.send(busy, 20);
    await bench.send(quiet, 1);
    const first = await take(follower, 4);
    expect(seqsOf(first, roomStream(quiet.id))).toEqual([1]);
    expect(seqsOf([...first, ...(await take(follower, 17))], roomStream(busy.id))).toEqual(upTo(20));
  });

  test("in which a quiet room waits for a page of a busy one's past at most", async () => {
    const [busy, quiet] = [await newRoom(), await newRoom()];
    const starts = [await bench.start(busy), await bench.start(quiet)];
    await bench.append(busy, 250);
    await bench.send(quiet, 1);
    const taken = await take(await bench.follow(...starts), 251);
    const place = taken.findIndex(({ stream }) => stream === roomStream(quiet.id));
    expect(place).toBeLessThanOrEqual(100);
    expect(seqsOf(taken, roomStream(busy.id))).toEqual(upTo(250));
  });

  test("that has read further than its node has heard of lets everything else have its turn meanwhile", async () => {
    const [ahead, other] = [await newRoom(), await newRoom()];
    const starts = [await bench.start(ahead), await bench.start(other)];
    await bench.append(ahead, 2);
    const follower = await bench.follow(...starts);
    // Committed, but nobody has told this node yet: the page from the log has it all the same.
    await bench.append(ahead, 1);
    expect(seqsOf(await take(follower, 2))).toEqual([1, 2]);
    await bench.send(other, 1);
    expect(seqsOf(await take(follower, 1), roomStream(other.id))).toEqual([1]);
    await bench.node.feed.checkHeads([roomStream(ahead.id)]);
    expect(seqsOf(await take(follower, 1), roomStream(ahead.id))).toEqual([3]);
  });

  test("that resumes before a message that was deleted since gets nothing of its words", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    const present = await bench.follow(start);
    await bench.send(room, 2);
    const [sent] = await take(present, 2);
    const message = sent?.event.kind === "message_sent" ? sent.event.message : undefined;
    await deleteMessage(bench.node.as(ada), { messageId: message?.id ?? 0 });
    await take(present, 1);
    const [again] = await take(await bench.follow(start), 3);
    expect(again?.event).toMatchObject({
      kind: "message_sent",
      message: { id: message?.id, content: "", isDeleted: true },
    });
  });

  test("gets nothing more of a room that it drops, read ahead or heard", async () => {
    const [left, kept] = [await newRoom(), await newRoom()];
    const starts = [await bench.start(left), await bench.start(kept)];
    await bench.send(left, 5);
    const follower = await bench.follow(...starts);
    await take(follower, 1);
    for (const hub of bench.node.feed.hubsOf([roomStream(left.id)])) {
      hub.hear({
        stream: hub.stream,
        event: { kind: "user_changed", userId: ada.id },
        snapshots: { users: [], messages: [] },
        key: "x",
      });
    }
    follower.drop(roomStream(left.id));
    await bench.send(left, 1);
    await bench.send(kept, 1);
    const [next] = await take(follower, 1);
    expect([next?.stream, next?.seq]).toEqual([roomStream(kept.id), 1]);
    expect(bench.node.feed.hubsOf([roomStream(left.id)])).toEqual([]);
  });

  test("that is closed wakes up, and leaves no hub, no subscription, no timer and no listener behind", async () => {
    const room = await newRoom();
    const controller = new AbortController();
    const removed = jest.spyOn(controller.signal, "removeEventListener");
    const follower = new Follower(bench.node.feed, controller.signal);
    await follower.add(await bench.start(room));
    const waiting = follower.next();
    follower.close();
    expect(await waiting).toBeUndefined();
    expect(await follower.next()).toBeUndefined();
    expect(bench.node.feed.hubsOf([roomStream(room.id)])).toEqual([]);
    await bench.allGone();
    expect(world.clock.pending).toBe(0);
    expect(removed).toHaveBeenCalledTimes(1);
  });

  test("that is closed just when it finds that there is nothing more does not wait for ever", async () => {
    const room = await newRoom();
    const follower = await bench.follow(await bench.start(room));
    follower.moved(roomStream(room.id));
    const waiting = follower.next();
    queueMicrotask(() => follower.close());
    expect(await waiting).toBeUndefined();
  });

  test("that is closed while it joins does not stay", async () => {
    const room = await newRoom();
    const start = await bench.start(room);
    const follower = await bench.follow();
    const joining = follower.add(start);
    follower.close();
    await joining;
    expect(bench.node.feed.hubsOf([roomStream(room.id)])).toEqual([]);
  });
});
