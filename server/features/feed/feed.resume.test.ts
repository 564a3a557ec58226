import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { upTo } from "../../test/follower-bench.js";
import type { RecordingClient } from "../../test/recording-client.js";
import { TestNode } from "../../test/test-node.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import { query, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../messages/message.actions.js";
import type { Message } from "../messages/message.js";
import { markRoomRead } from "../receipts/receipt.actions.js";
import { addParticipant, removeParticipant } from "../rooms/participant.actions.js";
import { deleteRoom } from "../rooms/room.actions.js";
import { followRoom, followViewer } from "../rooms/room.follow.js";
import type { Room } from "../rooms/room.js";
import { setTyping } from "../typing/typing.actions.js";
import { checkOrigin } from "./feed.origin.js";
import { headOf } from "./feed.queries.js";
import { formatCursor, roomStream, userStream, type Position, type StreamId } from "./stream.js";

let world: World;
let project: Project;
let ada: User;
let ben: User;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  ada = await world.person("ada", project);
  ben = await world.person("ben", project);
});
afterAll(() => world.close());

let node: TestNode;
let room: Room;
let stream: StreamId;
beforeEach(async () => {
  node = new TestNode(world);
  room = await world.group(project, ada, ben);
  stream = roomStream(room.id);
});
afterEach(() => node.close());

const nothingArrives = { lost: 1, doubled: 0, late: 0 };
const send = (user: User, content = "hello"): Promise<Message> =>
  sendMessage(node.as(user), { roomId: room.id, content });
const has = (who: RecordingClient, count: number): Promise<unknown> =>
  until(() => who.seqs(stream).length >= count || who.failure !== undefined, `${count} events`);

async function position(of: StreamId): Promise<Position> {
  const head = await headOf(world.database.fork(), of);
  if (head === undefined) throw new Error(`There is no ${of}.`);
  return head;
}

/** How following from these cursors ends before it begins. */
async function refusal(after: readonly string[], ofRoom = false): Promise<unknown> {
  const context = {
    viewerId: ben.id,
    feed: node.feed,
    fork: () => world.database.fork(),
    signal: new AbortController().signal,
  };
  const starting = ofRoom ? followRoom(context, String(room.id), after[0]) : followViewer(context, after);
  return starting.then(
    () => "followed",
    (error: unknown) => (error as { code?: string }).code,
  );
}

describe("P4 resumable", () => {
  test("a client that comes back, on another node, gets precisely what it missed", async () => {
    const coming = await node.client(ben);
    await send(ada);
    await has(coming, 1);
    await coming.disconnect();
    await send(ada);
    await markRoomRead(node.as(ben), { roomId: room.id });
    await send(ada);
    await node.restart();
    await coming.connect(node.feed);
    await has(coming, 3);
    await until(() => coming.seqs(userStream(ben.id)).length === 1);
    expect(coming.seqs(stream)).toEqual([1, 2, 3]);
    expect(coming.stretches.get(stream)).toHaveLength(1);
  });

  test.each([true, false])(
    "beyond the head, another epoch, a purged log and what is no cursor: RESYNC_REQUIRED (one room: %s)",
    async (ofRoom) => {
      for (const _ of upTo(3)) await send(ada);
      const head = await position(stream);
      const at = (change: Partial<Position>): Promise<unknown> =>
        refusal([formatCursor({ ...head, ...change })], ofRoom);
      expect(await at({ seq: 4 })).toBe("RESYNC_REQUIRED");
      expect(await at({ seq: 2_147_483_647 })).toBe("RESYNC_REQUIRED");
      expect(await at({ seq: 9_999_999_999 })).toBe("RESYNC_REQUIRED");
      expect(await at({ epoch: "abcdef.1" })).toBe("RESYNC_REQUIRED");
      expect(await refusal(["no cursor"], ofRoom)).toBe("RESYNC_REQUIRED");
      expect(await at({ seq: 1 })).toBe("followed");
      await query(world.database.fork(), sql`delete from feed_entry where stream = ${stream} and seq <= 2`);
      expect(await at({ seq: 1 })).toBe("RESYNC_REQUIRED");
      expect(await at({ seq: 2 })).toBe("followed");
    },
  );

  test("a stream whose log was emptied goes on from its end", async () => {
    for (const _ of upTo(3)) await send(ada);
    const end = await position(stream);
    await query(world.database.fork(), sql`delete from feed_entry where stream = ${stream}`);
    expect(await refusal([formatCursor({ ...end, seq: 2 })])).toBe("RESYNC_REQUIRED");
    const context = {
      viewerId: ben.id,
      feed: node.feed,
      fork: () => world.database.fork(),
      signal: new AbortController().signal,
    };
    const events = await followRoom(context, String(room.id), formatCursor(end));
    await send(ada);
    expect([(await events.next()).value?.seq, (await events.next()).value?.seq]).toEqual([3, 4]);
    await events.return();
  });

  test("of two cursors of one stream the newest counts", async () => {
    for (const _ of upTo(2)) await send(ada);
    const head = await position(stream);
    const controller = new AbortController();
    const context = { viewerId: ben.id, feed: node.feed, fork: () => world.database.fork(), signal: controller.signal };
    const events = await followViewer(context, [formatCursor(head), formatCursor({ ...head, seq: 1 })]);
    const { value } = await events.next();
    expect(value?.event.kind === "ready" && value.event.heads.find((each) => each.stream === stream)?.seq).toBe(2);
    controller.abort();
    await events.return();
  });

  test("another database under the same data has another epoch", async () => {
    const before = await position(stream);
    await checkOrigin(world.database.fork());
    expect(await position(stream)).toEqual(before);
    const listening = await node.client(ben);
    await query(world.database.fork(), sql`update feed_origin set fingerprint = 'before the restore'`);
    await checkOrigin(world.database.fork());
    expect((await position(stream)).epoch).not.toBe(before.epoch);
    expect(await refusal([formatCursor(before)])).toBe("RESYNC_REQUIRED");
    await send(ada);
    await until(() => listening.failure !== undefined, "the follower to be told");
    expect(listening.failure).toMatchObject({ code: "RESYNC_REQUIRED" });
  });
});

describe("P6 revoked", () => {
  test.each([true, false])(
    "somebody who was removed gets everything up to that, and nothing beyond (one room: %s)",
    async (ofRoom) => {
      const leaving = await node.client(ben, ofRoom ? room.id : undefined);
      leaving.pause();
      await send(ada, "to ben");
      await send(ada, "to ben");
      await removeParticipant(node.as(ada), { roomId: room.id, person: { id: ben.id } });
      await send(ada, "not to ben");
      await setTyping(node.as(ada), { roomId: room.id, isTyping: true });
      leaving.unpause();
      await until(() => (ofRoom ? leaving.endedItself : leaving.wasTold(stream)), "the end of access");
      expect(leaving.seqs(stream)).toEqual([1, 2, 3]);
      expect(leaving.ephemeral).toEqual([]);
      expect(await refusal([], true)).toBe("NOT_FOUND");
    },
  );

  test("also when the broker has lost the room's part and brought only the person's", async () => {
    const leaving = await node.client(ben);
    node.pubsub.misfortune = nothingArrives;
    await send(ada, "to ben");
    await removeParticipant(node.as(ada), { roomId: room.id, person: { id: ben.id } });
    await send(ada, "not to ben");
    const ofBen = node.pubsub.published.findLast(({ topic }) => topic.endsWith(userStream(ben.id)));
    node.pubsub.misfortune = { lost: 0, doubled: 0, late: 0 };
    if (ofBen !== undefined) await node.pubsub.publish(ofBen.topic, ofBen.message);
    await until(() => leaving.current(stream) === undefined, "the room to be left");
    expect(leaving.seqs(stream)).toEqual([1, 2]);
    expect(leaving.stretches.get(stream)?.at(-1)?.isClosed).toBe(true);
    expect(node.feed.hubsOf([stream])).toEqual([]);
  });

  test("somebody who comes back is followed anew, and hears of it once", async () => {
    const coming = await node.client(ben);
    await removeParticipant(node.as(ada), { roomId: room.id, person: { id: ben.id } });
    await send(ada, "without ben");
    await addParticipant(node.as(ada), { roomId: room.id, person: { id: ben.id } });
    await until(() => coming.stretches.get(stream)?.length === 2, "the room to be followed again");
    await send(ada, "welcome back");
    await until(() => coming.seqs(stream).includes(4), "the new message");
    expect(coming.seqs(stream)).toEqual([1, 4]);
    expect(coming.seqs(userStream(ben.id))).toEqual([...new Set(coming.seqs(userStream(ben.id)))]);
  });

  test("a room that is deleted ends for everybody in it", async () => {
    const both = [await node.client(ben), await node.client(ada, room.id)];
    await send(ada);
    await deleteRoom(node.as(ada), { roomId: room.id });
    await until(() => both.every((each) => each.wasTold(stream) || each.endedItself), "the end of the room");
    for (const each of both) expect([each.seqs(stream), each.failure]).toEqual([[1, 2], undefined]);
  });

  test("a deleted message's words are in no log that is read later", async () => {
    const message = await send(ada, "a secret for @ben");
    await editMessage(node.as(ada), { messageId: message.id, content: "another secret" });
    await deleteMessage(node.as(ada), { messageId: message.id });
    const rows = await query<{ payload: unknown }>(
      world.database.fork(),
      sql`select payload from feed_entry where stream = ${stream}`,
    );
    expect(JSON.stringify(rows)).not.toContain("secret");
  });
});
