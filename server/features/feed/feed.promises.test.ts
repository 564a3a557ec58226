import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { upTo } from "../../test/follower-bench.js";
import type { RecordingClient } from "../../test/recording-client.js";
import { TestNode } from "../../test/test-node.js";
import { until } from "../../test/until.js";
import { createWorld, type World } from "../../test/world.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../messages/message.actions.js";
import type { Message } from "../messages/message.js";
import { renameRoom } from "../rooms/room.actions.js";
import type { Room } from "../rooms/room.js";
import { setTyping } from "../typing/typing.actions.js";
import { headOf } from "./feed.queries.js";
import { roomStream, type StreamId } from "./stream.js";

// What stands in the README, each under its name. P4 and P6 have a file of their own, and all are held under
// random misfortune in `feed.property.test.ts`.

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
const send = (user: User, content = "hello", clientMutationId?: string): Promise<Message> =>
  sendMessage(node.as(user), { roomId: room.id, content, clientMutationId });
const has = (who: RecordingClient, count: number): Promise<unknown> =>
  until(() => who.seqs(stream).length >= count || who.failure !== undefined, `${count} events`);

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
    await expect(renameRoom(node.as(ben), { roomId: room.id, name: "mine" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await expect(editMessage(node.as(ben), { messageId: 1_000_000, content: "?" })).rejects.toMatchObject({
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
      editMessage(node.as(ada), { messageId: message.id, content: "not hers" }).catch(() => undefined),
      renameRoom(node.as(ada), { roomId: room.id, name: `Room ${n}` }),
    ]);
    await Promise.all(work);
    const rows = await query(
      world.database.fork(),
      sql`select seq from feed_entry where stream = ${stream} order by seq`,
    );
    expect(rows).toEqual(upTo(21).map((seq) => ({ seq })));
  });

  test("nobody hears of a change that was not committed", async () => {
    await renameRoom(node.as(ben), { roomId: room.id, name: "mine" }).catch(() => {});
    expect(node.pubsub.published.filter(({ topic }) => topic.endsWith(stream))).toEqual([]);
  });
});

test("P2 ordered: seq has no holes, and every client sees the same order", async () => {
  node.pubsub.misfortune = { lost: 0.2, doubled: 0.3, late: 0.5 };
  const both = [await node.client(ada), await node.client(ben, room.id)];
  await Promise.all(upTo(20).map((n) => send(n % 2 === 0 ? ada : ben, `${n}`)));
  node.pubsub.flush();
  await node.feed.checkMoved();
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
    const listening = await node.client(ben);
    node.pubsub.misfortune = nothingArrives;
    await send(ada);
    await send(ada);
    expect(listening.seqs(stream)).toEqual([]);
    world.clock.advance(1_000);
    await has(listening, 2);
    expect(listening.seqs(stream)).toEqual([1, 2]);
  });

  test("a message too large for the broker travels as a hint, and arrives whole", async () => {
    const listening = await node.client(ben);
    const content = "🙂".repeat(10_000);
    await send(ada, content);
    await has(listening, 1);
    const sizes = node.pubsub.published
      .filter(({ topic }) => topic.endsWith(stream))
      .map(({ message }) => message.length);
    expect(Math.max(...sizes)).toBeLessThan(100);
    expect(listening.current(stream)?.deliveries[0]?.event).toMatchObject({
      kind: "message_sent",
      message: { content },
    });
  });

  test("what nobody can understand on the broker harms nobody", async () => {
    const listening = await node.client(ben);
    const snapshots = { users: [], messages: [] };
    const place = { stream, epoch: "x", seq: 1 };
    const objects = [
      { delivery: { ...place, event: { kind: "room_deleted" } } },
      { delivery: { ...place, seq: "1", event: { kind: "room_deleted" }, snapshots } },
      { delivery: { ...place, event: { kind: "room_deleted" }, snapshots: { users: {}, messages: [] } } },
      { ephemeral: { stream, key: "k", event: { kind: "room_deleted" }, snapshots } },
      { ephemeral: { stream, key: "k", event: { kind: "toString" }, snapshots } },
      { ephemeral: { stream, key: "k", event: { kind: "typing_changed" }, snapshots: {} } },
      { hint: { epoch: 1, seq: 1 } },
    ];
    const texts = ["", "null", "{", "[]", '{"delivery":null}', '{"hint":{}}', '{"ephemeral":7}'];
    for (const nonsense of [...texts, ...objects.map((object) => JSON.stringify(object))])
      await node.pubsub.publish(`stream:${stream}`, nonsense);
    await send(ada);
    await has(listening, 1);
    expect([listening.seqs(stream), listening.failure]).toEqual([[1], undefined]);
    expect(listening.ephemeral).toEqual([]);
  });

  test("what is of another room is told to nobody who follows this one, and takes nobody's place", async () => {
    const listening = await node.client(ben);
    const other = roomStream((await world.group(project, ada)).id);
    const head = await headOf(world.database.fork(), stream);
    const stray = { stream: other, epoch: head?.epoch, seq: 1, snapshots: { users: [], messages: [] } };
    const typing = { kind: "typing_changed", userId: ada.id, isTyping: true };
    for (const message of [
      { delivery: { ...stray, event: { kind: "room_deleted", roomId: room.id } } },
      { ephemeral: { ...stray, key: "k", event: typing } },
    ])
      await node.pubsub.publish(`stream:${stream}`, JSON.stringify(message));
    await send(ada, "the first one");
    await has(listening, 1);
    const [first] = listening.current(stream)?.deliveries ?? [];
    expect([first?.seq, first?.event]).toMatchObject([
      1,
      { kind: "message_sent", message: { content: "the first one" } },
    ]);
    expect(listening.ephemeral).toEqual([]);
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

test("P5 exactly-once: a retry with its key is the same message, edited, and after a crash before the reply", async () => {
  const key = randomUUID();
  const first = await send(ada, "once", key);
  expect(await send(ada, "once", key)).toEqual(first);
  expect(await send(ada, "once", key.toUpperCase())).toEqual(first);
  await editMessage(node.as(ada), { messageId: first.id, content: "changed" });
  expect(await send(ada, "once", key)).toMatchObject({ id: first.id, no: first.no, content: "changed" });
  await expect(send(ada, "twice", key)).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  expect((await send(ben, "once", key)).id).not.toBe(first.id);
  await deleteMessage(node.as(ada), { messageId: first.id });
  await expect(send(ada, "once", key)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

describe("P7 ephemeral", () => {
  test("typing that is lost, doubled or late harms nothing that lasts, and ends by itself", async () => {
    const listening = await node.client(ben);
    node.pubsub.misfortune = { lost: 0.3, doubled: 0.5, late: 0.5 };
    for (const isTyping of [true, true, false, true, true, false, true])
      await setTyping(node.as(ada), { roomId: room.id, isTyping });
    await send(ada);
    node.pubsub.flush();
    await node.feed.checkMoved();
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
