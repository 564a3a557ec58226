import { randomUUID } from "node:crypto";
import { afterEach, expect, test } from "@jest/globals";
import { z } from "zod";
import type { User } from "../features/directory/directory.js";
import { attendanceKey } from "../features/presence/attendance.js";
import type { Room } from "../features/rooms/room.js";
import { LEASE_BEAT_MS, LEASE_TTL_MS } from "../platform/leases/redis.js";
import { redisPrefixOf, type ServerNode } from "./node.js";
import { carriedOut, enter, hangUp, type RawLine } from "./raw-socket.js";
import { ageLeases, countHolders } from "./redis.js";
import { twoNodes } from "./two-nodes.js";
import { until } from "./until.js";
import type { World } from "./world.js";

// The raw WebSocket over two nodes. Their clocks stand still unless a test moves them: what arrives on the other node
// came by Redis.

let world: World;
let john: User;
let jane: User;
let room: Room;
let a: ServerNode;
let b: ServerNode;
// Before the nodes are closed.
afterEach(hangUp);
twoNodes((nodes) => {
  ({ world, john, jane, room, a, b } = nodes);
});

const lineOf = async (node: ServerNode, user: User, query = ""): Promise<RawLine> =>
  enter(node.server.url, room.id, { token: await node.token(user), query });
/** Redis has a second of a node's time to answer in: it must not pass at once. */
const STEP_MS = 100;
const leasePrefix = async () => `${await redisPrefixOf(world)}lease:`;

test("what is said on one node is heard on the other, with its key by its author alone", async () => {
  const [onA, onB, ofJane] = [await lineOf(a, john), await lineOf(b, john), await lineOf(b, jane)];
  const [send, react] = [randomUUID(), randomUUID()];
  onA.send({ type: "message_send", content: "from a", client_mutation_id: send });
  const { id } = z.object({ message: z.object({ id: z.int() }) }).parse(await onB.hears("message_new")).message;
  onA.send({ type: "reaction_add", message_id: id, emoji: "👍", client_mutation_id: react });
  for (const line of [onA, onB]) {
    expect(await line.hears("message_new")).toMatchObject({ message: { content: "from a" }, client_mutation_id: send });
    expect(await line.hears("reaction_added")).toMatchObject({ message_id: id, client_mutation_id: react });
  }
  await ofJane.hears("reaction_added");
  expect(JSON.stringify(ofJane.frames)).not.toContain("client_mutation_id");
});

test("a person has 20 sockets over both nodes; the next is closed with 4429, and a place that is left is taken on the other", async () => {
  const lines = [
    ...(await Promise.all(Array.from({ length: 12 }, () => lineOf(a, john)))),
    ...(await Promise.all(Array.from({ length: 8 }, () => lineOf(b, john)))),
  ];
  for (const node of [a, b]) expect(await (await lineOf(node, john)).ended()).toBe(4429);
  expect(lines.map(({ closed }) => closed.code)).toEqual(lines.map(() => undefined));
  await carriedOut(await lineOf(b, jane));
  lines[0]?.socket.close();
  await until(async () => {
    const line = await lineOf(b, john);
    await carriedOut(line).catch(() => {});
    return line.closed.code === undefined;
  }, "a place");
  expect(await (await lineOf(a, john)).ended()).toBe(4429);
});

test("without Redis a node counts the sockets that it has itself", async () => {
  await Promise.all(Array.from({ length: 15 }, () => lineOf(a, john)));
  await b.loseRedis();
  const lines = await Promise.all(Array.from({ length: 20 }, () => lineOf(b, john)));
  await Promise.all(lines.map(carriedOut));
  expect(await (await lineOf(b, john)).ended()).toBe(4429);
});

test("somebody joins with their first connection on any node, and leaves with their last on all", async () => {
  const onA = await lineOf(a, john);
  const [first, second] = [await lineOf(b, jane), await lineOf(a, jane)];
  await onA.hears("user_joined");
  const key = attendanceKey(jane.id, room.id);
  await until(async () => (await countHolders(await leasePrefix(), key)) === 2, "both nodes to hold");
  first.socket.close();
  await until(async () => {
    b.clock.advance(STEP_MS);
    return (await countHolders(await leasePrefix(), key)) === 1;
  }, "b to let go");
  expect(onA.ofType("user_left")).toEqual([]);
  // One who follows all rooms by GraphQL is there as well.
  const all = await b.follow(await b.connect(jane), "subscription { chatEvents { __typename } }");
  await until(async () => (await countHolders(await leasePrefix(), attendanceKey(jane.id))) === 1, "it to be held");
  second.socket.close();
  await until(async () => {
    a.clock.advance(STEP_MS);
    return (await countHolders(await leasePrefix(), key)) === 0;
  }, "a to let go");
  all.stop();
  await until(() => {
    b.clock.advance(STEP_MS);
    return onA.ofType("user_left").length > 0;
  }, "the departure");
  expect([onA.ofType("user_joined").length, onA.ofType("user_left").length]).toEqual([1, 1]);
});

test("typing goes over to the other node, and ends there when the socket closes", async () => {
  const [onA, onB] = [await lineOf(a, john), await lineOf(b, jane)];
  onB.send({ type: "typing", is_typing: true });
  await onA.hears("user_typing");
  onB.socket.close();
  expect(await onA.hears("user_typing", 2)).toEqual({
    type: "user_typing",
    user_id: jane.id,
    username: jane.username,
    is_typing: false,
  });
});

test("whose node dies without a word types no more, and has left", async () => {
  const [onA, onB] = [await lineOf(a, john), await lineOf(b, jane)];
  await onA.hears("user_joined");
  onB.send({ type: "typing", is_typing: true });
  await onA.hears("user_typing");
  // Dead to everybody else: it hears and says nothing any more, and its time stands still.
  await b.loseRedis();
  a.clock.advance(3_000);
  expect(await onA.hears("user_typing", 2)).toMatchObject({ is_typing: false });
  await ageLeases(await leasePrefix(), LEASE_TTL_MS);
  a.clock.advance(LEASE_BEAT_MS - 3_000);
  expect(await onA.hears("user_left")).toEqual({ type: "user_left", user_id: jane.id, username: jane.username });
});

test("a removal on one node closes on the other with 4403, after everything that came before", async () => {
  const onB = await lineOf(b, jane);
  const onA = await lineOf(a, john);
  onA.send({ type: "message_send", content: "before" });
  await onA.hears("message_new");
  await a.mutate(john, "removeChatParticipant", { roomId: String(room.id), userId: jane.hostId }, "userId");
  onA.send({ type: "message_send", content: "after" });
  expect(await onB.ended()).toBe(4403);
  expect(onB.frames.filter(({ type }) => type.startsWith("message"))).toMatchObject([
    { message: { content: "before" } },
  ]);
});

test("who loses their node is told to go on elsewhere, and does so precisely from where they were", async () => {
  const onA = await lineOf(a, jane, "?after=");
  const onB = await lineOf(b, john);
  const { epoch } = await onA.hears("ready");
  onB.send({ type: "message_send", content: "heard on a" });
  const { seq } = await onA.hears("message_new");
  await a.close();
  expect(await onA.ended()).toBe(1001);
  onB.send({ type: "message_send", content: "missed" });
  await onB.hears("message_new", 2);
  const again = await lineOf(b, jane, `?after=${String(seq)}&epoch=${String(epoch)}`);
  onB.send({ type: "message_send", content: "heard on b" });
  await again.hears("message_new", 2);
  expect(again.ofType("message_new")).toMatchObject([
    { seq: 2, message: { content: "missed" } },
    { seq: 3, message: { content: "heard on b" } },
  ]);
});
