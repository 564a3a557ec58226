import { expect, test } from "@jest/globals";
import { z } from "zod";
import type { User } from "../features/directory/directory.js";
import { presenceKey } from "../features/presence/presence.js";
import type { Room } from "../features/rooms/room.js";
import { LEASE_BEAT_MS, LEASE_TTL_MS } from "../platform/leases/redis.js";
import { ALL_EVENTS, durable, names } from "./event-documents.js";
import type { Heard } from "./graphql-world.js";
import { redisPrefixOf, startServerNode, type ServerNode } from "./node.js";
import { postGraphql, SERVICE_TOKEN } from "./server.js";
import { ageLeases, countHolders } from "./redis.js";
import { twoNodes } from "./two-nodes.js";
import { until } from "./until.js";
import type { World } from "./world.js";

// The nodes' clocks stand still unless a test moves them: no node looks into the log by itself, and what arrives on the
// other node came by Redis.

let world: World;
let john: User;
let jane: User;
let room: Room;
let a: ServerNode;
let b: ServerNode;
twoNodes((nodes) => {
  ({ world, john, jane, room, a, b } = nodes);
});

const follow = async (node: ServerNode, user: User, after: readonly string[] = []): Promise<Heard> =>
  node.follow(await node.connect(user), ALL_EVENTS, { after });
const send = (node: ServerNode, user: User, content: string) =>
  node.mutate(user, "sendChatMessage", { roomId: String(room.id), content }, "message { id }");
const type = (node: ServerNode, user: User) =>
  node.mutate(user, "setChatTyping", { roomId: String(room.id), isTyping: true }, "isTyping");

const sentMessage = z.object({ message: z.object({ content: z.string() }) });
const contents = ({ events }: Heard): readonly string[] =>
  events.flatMap((event) => sentMessage.safeParse(event).data?.message.content ?? []);
const cursorOfLast = ({ events }: Heard): string => z.string().parse(durable(events).at(-1)?.cursor);
const presences = ({ events }: Heard, user: User) =>
  events.flatMap((event) => {
    const person = z.object({ user: z.object({ id: z.string(), chatPresence: z.string() }) }).safeParse(event)
      .data?.user;
    return event.__typename === "ChatPresenceChanged" && person?.id === user.hostId ? [person.chatPresence] : [];
  });
const typing = ({ events }: Heard) =>
  events.flatMap((event) => (event.__typename === "ChatTypingChanged" ? [event.isTyping] : []));
const presenceOf = async (node: ServerNode, asking: User, user: User) => {
  const { data } = await node.ask(
    asking,
    `query ($id: ID!) { chatRoom(id: $id) { participants { user { id chatPresence } } } }`,
    {
      id: String(room.id),
    },
  );
  const shape = z.object({
    chatRoom: z.object({
      participants: z.array(z.object({ user: z.object({ id: z.string(), chatPresence: z.string() }) })),
    }),
  });
  return shape.parse(data).chatRoom.participants.find((each) => each.user.id === user.hostId)?.user.chatPresence;
};

const leasePrefix = async () => `${await redisPrefixOf(world)}lease:`;

/** Lets a node's time pass until something has come of it. */
async function untilTimePasses(
  node: ServerNode,
  condition: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  await until(() => {
    node.clock.advance(250);
    return condition();
  }, what);
}

test("a message, typing and a read position go from one node to the other by Redis", async () => {
  const [onA, onB] = [await follow(a, john), await follow(b, jane)];
  await send(a, john, "from a");
  await until(() => contents(onB).length === 1, "the message on b");
  await type(b, jane);
  await until(() => typing(onA).length === 1, "the typing on a");
  await b.mutate(jane, "markChatRoomRead", { roomId: String(room.id) }, "room { id }");
  await until(() => names(onA.events).includes("ChatRoomRead"), "the read position on a");
  await send(b, jane, "from b");
  await until(() => contents(onA).length === 2, "the message on a");
  expect([contents(onA), contents(onB)]).toEqual([
    ["from a", "from b"],
    ["from a", "from b"],
  ]);
  expect(await a.readyz()).toMatchObject({ status: "ok", broker: "redis" });
});

test("presence is the same on both nodes: from the first connection on any to the last on all", async () => {
  const onA = await follow(a, john);
  expect(await presenceOf(a, john, jane)).toBe("OFFLINE");
  const [first, second] = [await b.connect(jane), await a.connect(jane)];
  await b.follow(first, ALL_EVENTS);
  await until(() => presences(onA, jane).length === 1, "the arrival");
  await a.follow(second, ALL_EVENTS);
  expect([await presenceOf(a, john, jane), await presenceOf(b, john, jane)]).toEqual(["ONLINE", "ONLINE"]);
  await first.dispose();
  await untilTimePasses(
    b,
    async () => (await countHolders(await leasePrefix(), presenceKey(jane.id))) === 1,
    "b to let go",
  );
  expect([await presenceOf(a, john, jane), await presenceOf(b, john, jane)]).toEqual(["ONLINE", "ONLINE"]);
  await second.dispose();
  await untilTimePasses(a, () => presences(onA, jane).length === 2, "the departure");
  expect(presences(onA, jane)).toEqual(["ONLINE", "OFFLINE"]);
});

test("what a node said of its people ends when it dies without a word", async () => {
  const onA = await follow(a, john);
  await follow(b, jane);
  await until(() => presences(onA, jane).length === 1, "the arrival");
  await type(b, jane);
  await until(() => typing(onA).length === 1, "the typing");
  // Dead to everybody else: it hears and says nothing any more, and its time stands still.
  await b.loseRedis();
  a.clock.advance(3_000);
  await until(() => typing(onA).length === 2, "the end of the typing");
  await ageLeases(await leasePrefix(), LEASE_TTL_MS);
  a.clock.advance(LEASE_BEAT_MS - 3_000);
  await until(() => presences(onA, jane).length === 2, "the end of the presence");
  expect([typing(onA), presences(onA, jane)]).toEqual([
    [true, false],
    ["ONLINE", "OFFLINE"],
  ]);
});

/** The host product says to one of the nodes that somebody is deleted. */
const deletePerson = async (node: ServerNode, { hostId }: User) => {
  const document = "mutation ($input: UpsertChatUsersInput!) { upsertChatUsers(input: $input) { changed } }";
  const variables = { input: { users: [{ id: hostId, isDeleted: true }] } };
  const answer = await postGraphql(`${node.server.url}/graphql`, { token: SERVICE_TOKEN, document, variables });
  expect(answer.data).toEqual({ upsertChatUsers: { changed: 1 } });
};
const closeOf = z.object({ code: z.int(), reason: z.string() });
/** How this person's connection ends. */
async function closingOf(node: ServerNode, user: User): Promise<readonly z.infer<typeof closeOf>[]> {
  const client = await node.connect(user);
  const closed: z.infer<typeof closeOf>[] = [];
  client.on("closed", (event) => closed.push(closeOf.parse(event)));
  await node.follow(client, ALL_EVENTS);
  return closed;
}

test("who is deleted by a call to one node loses their connections to the other", async () => {
  const [ofJane, ofJohn] = [await closingOf(b, jane), await closingOf(b, john)];
  await deletePerson(a, jane);
  await until(() => ofJane.length > 0, "the close");
  expect([ofJane, ofJohn]).toEqual([[{ code: 4401, reason: "This account has been deleted." }], []]);
});

test("who is deleted while a node can't hear of it loses their connections to it when it hears again", async () => {
  const [ofJane, ofJohn] = [await closingOf(b, jane), await closingOf(b, john)];
  await b.loseRedis();
  await deletePerson(a, jane);
  await b.findRedis();
  await until(() => ofJane.length > 0, "the close");
  expect([ofJane, ofJohn]).toEqual([[{ code: 4401, reason: "This account has been deleted." }], []]);
});

test("while Redis is away for one node, the log delivers to it; at its return it looks at once, and nothing is lost or doubled", async () => {
  const [onA, onB] = [await follow(a, john), await follow(b, jane)];
  await send(a, john, "1 by Redis");
  await until(() => contents(onB).length === 1, "the first");
  await b.loseRedis();
  expect(await b.readyz()).toMatchObject({ status: "ok", broker: expect.stringContaining("away") });
  expect(await presenceOf(b, jane, john)).toBe("UNKNOWN");
  await send(a, john, "2 by the log");
  await send(b, jane, "3 from the deaf one");
  await untilTimePasses(b, () => contents(onB).length === 3, "the log on b");
  await untilTimePasses(a, () => contents(onA).length === 3, "the log on a");
  await send(a, john, "4 found at the return");
  await b.findRedis();
  await until(() => contents(onB).length === 4, "what is found at the return");
  await send(a, john, "5 by Redis");
  await until(() => contents(onB).length === 5, "the last on b");
  await send(b, jane, "6 by Redis");
  await until(() => contents(onA).length === 6, "the last on a");
  const all = [
    "1 by Redis",
    "2 by the log",
    "3 from the deaf one",
    "4 found at the return",
    "5 by Redis",
    "6 by Redis",
  ];
  await until(() => contents(onB).length === 6, "one's own");
  expect([contents(onA), contents(onB)]).toEqual([all, all]);
});

test("who loses their node goes on at the other, precisely from where they were", async () => {
  const before = await follow(a, jane);
  await send(b, john, "heard on a");
  await until(() => contents(before).length === 1, "the message on a");
  await a.close();
  await send(b, john, "missed");
  const after = await follow(b, jane, [cursorOfLast(before)]);
  await send(b, john, "heard on b");
  await until(() => contents(after).length === 2, "what was missed and what came");
  expect(contents(after)).toEqual(["missed", "heard on b"]);
});

test("a node that starts while Redis is away works, says so, and is connected as soon as Redis is there", async () => {
  const late = await startServerNode(world, { redisIsAway: true });
  try {
    expect(await late.readyz()).toMatchObject({ status: "ok", broker: expect.stringContaining("away") });
    const heard = await follow(late, jane);
    await send(a, john, "by the log");
    await untilTimePasses(late, () => contents(heard).length === 1, "the log");
    await late.findRedis();
    await send(a, john, "by Redis");
    await until(() => contents(heard).length === 2, "the message");
    await until(async () => (await presenceOf(a, john, jane)) === "ONLINE", "who came while it was alone to be known");
  } finally {
    await late.close();
  }
});
