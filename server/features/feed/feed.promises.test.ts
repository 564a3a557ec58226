import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { pino } from "pino";
import { createLossyPubSub, type LossyPubSub } from "../../test/lossy-pubsub.js";
import { RecordingClient } from "../../test/recording-client.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import type { Scope } from "../../platform/scope.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../messages/message.actions.js";
import type { Message } from "../messages/message.js";
import { snapshotsOf } from "../messages/message.queries.js";
import { markRoomRead } from "../receipts/receipt.actions.js";
import { addParticipant, removeParticipant } from "../rooms/participant.actions.js";
import { deleteRoom, renameRoom } from "../rooms/room.actions.js";
import { followRoom, followViewer } from "../rooms/room.follow.js";
import type { Room } from "../rooms/room.js";
import { setTyping } from "../typing/typing.actions.js";
import { checkOrigin } from "./feed.origin.js";
import { createFeed, type Feed } from "./feed.node.js";
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

let pubsub: LossyPubSub;
let feed: Feed;
let room: Room;
let stream: StreamId;
let clients: RecordingClient[];
beforeEach(async () => {
  pubsub = createLossyPubSub(7);
  feed = newFeed();
  room = await world.group(project, ada, ben);
  stream = roomStream(room.id);
  clients = [];
});
afterEach(async () => {
  for (const client of clients) await client.disconnect();
  await feed.close();
  expect(pubsub.subscriptions).toBe(0);
});

const nothingArrives = { lost: 1, doubled: 0, late: 0 };
const as = (user: User): Scope => ({ ...world.as(user), services: { ...world.services, pubsub } });
const send = (user: User, content = "hello", clientMutationId?: string): Promise<Message> =>
  sendMessage(as(user), { roomId: room.id, content, clientMutationId });
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Another node on the same database and broker, with nothing in memory. */
function newFeed(): Feed {
  return createFeed({
    fork: () => world.database.fork(),
    pubsub,
    clock: world.clock,
    logger: pino({ level: "silent" }),
    snapshots: snapshotsOf,
  });
}

async function client(user: User, onlyThisRoom = false): Promise<RecordingClient> {
  const made = new RecordingClient(world, user.id, onlyThisRoom ? room.id : undefined);
  clients.push(made);
  await made.connect(feed);
  return made;
}

const has = (who: RecordingClient, count: number): Promise<unknown> =>
  until(() => who.seqs(stream).length >= count || who.failure !== undefined, `${count} events`);

async function position(of: StreamId): Promise<Position> {
  const head = await headOf(world.database.fork(), of);
  if (head === undefined) throw new Error(`There is no ${of}.`);
  return head;
}

/** How following from these cursors ends before it begins. */
async function refusal(after: readonly string[], ofRoom = false): Promise<unknown> {
  const context = { viewerId: ben.id, feed, fork: () => world.database.fork(), signal: new AbortController().signal };
  const starting = ofRoom ? followRoom(context, String(room.id), after[0]) : followViewer(context, after);
  return starting.then(
    () => "followed",
    (error: unknown) => (error as { code?: string }).code,
  );
}

describe("P1 durable", () => {
  test("a send that was answered is in the database, with its event", async () => {
    const message = await send(ada, "kept");
    const row = await queryOne(
      world.database.fork(),
      sql`select m.content, e.kind, e.seq from chat_message m join feed_entry e on e.subject_id = m.id where m.id = ${message.id}`,
    );
    expect(row).toEqual({ content: "kept", kind: "message_sent", seq: 1 });
  });

  test("a change that fails leaves nothing behind, and no hole", async () => {
    await send(ada);
    await expect(renameRoom(as(ben), { roomId: room.id, name: "mine" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(editMessage(as(ben), { messageId: 1_000_000, content: "?" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await send(ada);
    expect(
      await query(world.database.fork(), sql`select seq from feed_entry where stream = ${stream} order by seq`),
    ).toEqual([{ seq: 1 }, { seq: 2 }]);
  });

  test("on one embedded connection, a send beside a change that fails is not taken back with it", async () => {
    const message = await send(ben);
    const work = upTo(10).flatMap((n) => [
      send(ada, `${n}`),
      editMessage(as(ada), { messageId: message.id, content: "not hers" }).catch(() => undefined),
      renameRoom(as(ada), { roomId: room.id, name: `Room ${n}` }),
    ]);
    await Promise.all(work);
    const rows = await query(
      world.database.fork(),
      sql`select seq from feed_entry where stream = ${stream} order by seq`,
    );
    expect(rows).toEqual(upTo(21).map((seq) => ({ seq })));
  });

  test("nobody hears of a change that was not committed", async () => {
    await renameRoom(as(ben), { roomId: room.id, name: "mine" }).catch(() => {});
    expect(pubsub.published.filter(({ topic }) => topic.endsWith(stream))).toEqual([]);
  });
});

test("P2 ordered: seq has no holes, and every client sees the same order", async () => {
  pubsub.misfortune = { lost: 0.2, doubled: 0.3, late: 0.5 };
  const both = [await client(ada), await client(ben, true)];
  await Promise.all(upTo(20).map((n) => send(n % 2 === 0 ? ada : ben, `${n}`)));
  pubsub.flush();
  await feed.checkMoved();
  for (const each of both) await has(each, 20);
  const [first, second] = both.map((each) =>
    each
      .current(stream)
      ?.deliveries.map(({ seq, event }) => [seq, event.kind === "message_sent" && event.message.content]),
  );
  expect(first).toEqual(second);
  expect(first?.map(([seq]) => seq)).toEqual(upTo(20));
});

describe("P3 delivered", () => {
  test("what was committed and never published is found by the look at the log", async () => {
    const listening = await client(ben);
    pubsub.misfortune = nothingArrives;
    await send(ada);
    await send(ada);
    expect(listening.seqs(stream)).toEqual([]);
    world.clock.advance(1_000);
    await has(listening, 2);
    expect(listening.seqs(stream)).toEqual([1, 2]);
  });

  test("a message too large for the broker travels as a hint, and arrives whole", async () => {
    const listening = await client(ben);
    const content = "🙂".repeat(10_000);
    await send(ada, content);
    await has(listening, 1);
    const sizes = pubsub.published.filter(({ topic }) => topic.endsWith(stream)).map(({ message }) => message.length);
    expect(Math.max(...sizes)).toBeLessThan(100);
    expect(listening.current(stream)?.deliveries[0]?.event).toMatchObject({
      kind: "message_sent",
      message: { content },
    });
  });

  test("what nobody can understand on the broker harms nobody", async () => {
    const listening = await client(ben);
    for (const nonsense of ["", "null", "{", "[]", '{"delivery":null}', '{"hint":{}}', '{"ephemeral":7}'])
      await pubsub.publish(`stream:${stream}`, nonsense);
    await send(ada);
    await has(listening, 1);
    expect([listening.seqs(stream), listening.failure]).toEqual([[1], undefined]);
  });

  test("a broker that throws or refuses fails no send", async () => {
    for (const publish of [
      () => Promise.reject(new Error("away")),
      () => {
        throw new Error("away");
      },
    ]) {
      const services = { ...world.services, pubsub: { ...world.services.pubsub, publish } };
      const message = await sendMessage({ ...world.as(ada), services }, { roomId: room.id, content: "still" });
      expect(message.content).toBe("still");
      await expect(
        renameRoom({ ...world.as(ada), services }, { roomId: room.id, name: "Still" }),
      ).resolves.toMatchObject({ name: "Still" });
      await setTyping({ ...world.as(ada), services }, { roomId: room.id, isTyping: true });
    }
  });
});

describe("P4 resumable", () => {
  test("a client that comes back, on another node, gets precisely what it missed", async () => {
    const coming = await client(ben);
    await send(ada);
    await has(coming, 1);
    await coming.disconnect();
    await send(ada);
    await markRoomRead(as(ben), { roomId: room.id });
    await send(ada);
    await feed.close();
    feed = newFeed();
    await coming.connect(feed);
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
      await feed.close();
      feed = newFeed();
    },
  );

  test("a stream whose log was emptied goes on from its end", async () => {
    for (const _ of upTo(3)) await send(ada);
    const end = await position(stream);
    await query(world.database.fork(), sql`delete from feed_entry where stream = ${stream}`);
    expect(await refusal([formatCursor({ ...end, seq: 2 })])).toBe("RESYNC_REQUIRED");
    const context = { viewerId: ben.id, feed, fork: () => world.database.fork(), signal: new AbortController().signal };
    const events = await followRoom(context, String(room.id), formatCursor(end));
    await send(ada);
    expect([(await events.next()).value?.seq, (await events.next()).value?.seq]).toEqual([3, 4]);
    await events.return();
    await feed.close();
    feed = newFeed();
  });

  test("of two cursors of one stream the newest counts", async () => {
    for (const _ of upTo(2)) await send(ada);
    const head = await position(stream);
    const controller = new AbortController();
    const context = { viewerId: ben.id, feed, fork: () => world.database.fork(), signal: controller.signal };
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
    const listening = await client(ben);
    await query(world.database.fork(), sql`update feed_origin set fingerprint = 'before the restore'`);
    await checkOrigin(world.database.fork());
    expect((await position(stream)).epoch).not.toBe(before.epoch);
    expect(await refusal([formatCursor(before)])).toBe("RESYNC_REQUIRED");
    await send(ada);
    await until(() => listening.failure !== undefined, "the follower to be told");
    expect(listening.failure).toMatchObject({ code: "RESYNC_REQUIRED" });
    await feed.close();
    feed = newFeed();
  });
});

test("P5 exactly-once: a retry with its key is the same message, edited, and after a crash before the reply", async () => {
  const key = randomUUID();
  const first = await send(ada, "once", key);
  expect(await send(ada, "once", key)).toEqual(first);
  expect(await send(ada, "once", key.toUpperCase())).toEqual(first);
  await editMessage(as(ada), { messageId: first.id, content: "changed" });
  expect(await send(ada, "once", key)).toMatchObject({ id: first.id, no: first.no, content: "changed" });
  await expect(send(ada, "twice", key)).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  expect((await send(ben, "once", key)).id).not.toBe(first.id);
  await deleteMessage(as(ada), { messageId: first.id });
  await expect(send(ada, "once", key)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

describe("P6 revoked", () => {
  test.each([true, false])(
    "somebody who was removed gets everything up to that, and nothing beyond (one room: %s)",
    async (ofRoom) => {
      const leaving = await client(ben, ofRoom);
      leaving.pause();
      await send(ada, "to ben");
      await send(ada, "to ben");
      await removeParticipant(as(ada), { roomId: room.id, person: { id: ben.id } });
      await send(ada, "not to ben");
      await setTyping(as(ada), { roomId: room.id, isTyping: true });
      leaving.unpause();
      await until(() => (ofRoom ? leaving.endedItself : leaving.wasTold(stream)), "the end of access");
      expect(leaving.seqs(stream)).toEqual([1, 2, 3]);
      expect(leaving.ephemeral).toEqual([]);
      expect(await refusal([], true)).toBe("NOT_FOUND");
    },
  );

  test("also when the broker has lost the room's part and brought only the person's", async () => {
    const leaving = await client(ben);
    pubsub.misfortune = nothingArrives;
    await send(ada, "to ben");
    await removeParticipant(as(ada), { roomId: room.id, person: { id: ben.id } });
    await send(ada, "not to ben");
    const ofBen = pubsub.published.findLast(({ topic }) => topic.endsWith(userStream(ben.id)));
    pubsub.misfortune = { lost: 0, doubled: 0, late: 0 };
    if (ofBen !== undefined) await pubsub.publish(ofBen.topic, ofBen.message);
    await until(() => leaving.current(stream) === undefined, "the room to be left");
    expect(leaving.seqs(stream)).toEqual([1, 2]);
    expect(leaving.stretches.get(stream)?.at(-1)?.isClosed).toBe(true);
    expect(feed.hubsOf([stream])).toEqual([]);
  });

  test("somebody who comes back is followed anew, and hears of it once", async () => {
    const coming = await client(ben);
    await removeParticipant(as(ada), { roomId: room.id, person: { id: ben.id } });
    await send(ada, "without ben");
    await addParticipant(as(ada), { roomId: room.id, person: { id: ben.id } });
    await until(() => coming.stretches.get(stream)?.length === 2, "the room to be followed again");
    await send(ada, "welcome back");
    await until(() => coming.seqs(stream).includes(4), "the new message");
    expect(coming.seqs(stream)).toEqual([1, 4]);
    expect(coming.seqs(userStream(ben.id))).toEqual([...new Set(coming.seqs(userStream(ben.id)))]);
  });

  test("a room that is deleted ends for everybody in it", async () => {
    const both = [await client(ben), await client(ada, true)];
    await send(ada);
    await deleteRoom(as(ada), { roomId: room.id });
    await until(() => both.every((each) => each.wasTold(stream) || each.endedItself), "the end of the room");
    for (const each of both) expect([each.seqs(stream), each.failure]).toEqual([[1, 2], undefined]);
  });

  test("a deleted message's words are in no log that is read later", async () => {
    const message = await send(ada, "a secret for @ben");
    await editMessage(as(ada), { messageId: message.id, content: "another secret" });
    await deleteMessage(as(ada), { messageId: message.id });
    const rows = await query<{ payload: unknown }>(
      world.database.fork(),
      sql`select payload from feed_entry where stream = ${stream}`,
    );
    expect(JSON.stringify(rows)).not.toContain("secret");
  });
});

describe("P7 ephemeral", () => {
  test("typing that is lost, doubled or late harms nothing that lasts, and ends by itself", async () => {
    const listening = await client(ben);
    pubsub.misfortune = { lost: 0.3, doubled: 0.5, late: 0.5 };
    for (const isTyping of [true, true, false, true, true, false, true])
      await setTyping(as(ada), { roomId: room.id, isTyping });
    await send(ada);
    pubsub.flush();
    await feed.checkMoved();
    world.clock.advance(3_000);
    await has(listening, 1);
    expect(listening.seqs(stream)).toEqual([1]);
    await until(() => {
      const [last] = listening.ephemeral.slice(-1);
      return last === undefined || (last.event.kind === "typing_changed" && !last.event.isTyping);
    }, "typing to end");
    for (const { seq } of listening.ephemeral) expect(seq).toBeNull();
  });
});
