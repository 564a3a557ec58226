import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import type { Client } from "graphql-ws";
import { durable, names, ROOM_EVENTS, ROOM_EVENTS_FOR_EACH } from "../../test/event-documents.js";
import { startGraphqlWorld, type GraphqlWorld, type Heard } from "../../test/graphql-world.js";
import { until } from "../../test/until.js";
import type { Project, User } from "../../features/directory/directory.js";
import { topicOf } from "../../features/feed/feed.actions.js";
import { headOf } from "../../features/feed/feed.queries.js";
import { roomStream } from "../../features/feed/stream.js";
import { sendMessage } from "../../features/messages/message.actions.js";
import { removeParticipant } from "../../features/rooms/participant.actions.js";
import type { Room } from "../../features/rooms/room.js";
import { Outbox } from "../outbox.js";

let graph: GraphqlWorld;
let project: Project;
let people: readonly User[];
let owner: User;
let clients: readonly Client[];
let room: Room;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  project = await graph.world.project("apollo");
  owner = await graph.world.person("ada", project);
  people = await Promise.all(["ben", "cleo", "dan"].map((name) => graph.world.person(name, project)));
  clients = await Promise.all(people.map((user) => graph.connect(user)));
});
beforeEach(async () => {
  room = await graph.world.group(project, owner, ...people);
});
afterAll(() => graph.close());

const roomId = () => String(room.id);
const say = (content: string) => sendMessage(graph.world.as(owner), { roomId: room.id, content });
const followedBy = (some: readonly Client[], document: string): Promise<readonly Heard[]> =>
  Promise.all(some.map((client) => graph.follow(client, document, { roomId: roomId() })));
const stop = (heard: readonly Heard[]): void => {
  for (const one of heard) one.stop();
};

/** How many scopes it takes to tell everybody of one message. */
async function scopesFor(some: readonly Client[], document: string): Promise<number> {
  const heard = await followedBy(some, document);
  const forks = jest.spyOn(graph.world.database, "fork");
  await say("hello");
  await until(() => heard.every(({ events }) => durable(events).length === 1));
  const count = forks.mock.calls.length;
  forks.mockRestore();
  stop(heard);
  return count;
}

test("an event costs as much for one as for all who sent the same document", async () => {
  const all = [...clients, ...clients];
  const one = await scopesFor(clients.slice(0, 1), ROOM_EVENTS);
  expect(await scopesFor(all, ROOM_EVENTS)).toBe(one);
  const alone = await scopesFor(clients.slice(0, 1), ROOM_EVENTS_FOR_EACH);
  expect(await scopesFor(all, ROOM_EVENTS_FOR_EACH)).toBe(alone + all.length - 1);
});

test("what is kept for those who do not read has memory of its own, and holds no more than it is long", async () => {
  const offered = jest.spyOn(Outbox.prototype, "offer");
  const [heard] = await followedBy(clients.slice(0, 1), ROOM_EVENTS);
  await say("hello");
  await until(() => heard && durable(heard.events).length === 1);
  const parts = offered.mock.calls.map(([{ rest }]) => rest);
  expect(parts.length).toBeGreaterThan(0);
  expect(parts.map(({ buffer }) => buffer.byteLength)).toEqual(parts.map(({ length }) => length));
  offered.mockRestore();
  stop([heard].flatMap((one) => one ?? []));
});

test("subscriptions of one connection each get it under their own name, and one that was ended nothing more", async () => {
  const [client] = clients.slice(0, 1);
  if (client === undefined) throw new Error("Nobody is connected.");
  const [ended, ...others] = await followedBy([client, client, client], ROOM_EVENTS);
  await say("first");
  await until(() => [ended, ...others].every((heard) => heard && durable(heard.events).length === 1));
  ended?.stop();
  await say("second");
  await until(() => others.every(({ events }) => durable(events).length === 2));
  expect(ended && durable(ended.events).length).toBe(1);
  stop(others);
});

test("a removal ends what the removed person follows, right there, and nobody else's", async () => {
  const [removed, ...others] = await followedBy(clients, ROOM_EVENTS);
  const [person] = people;
  await say("before");
  await removeParticipant(graph.world.as(owner), { roomId: room.id, person: { id: person?.id ?? owner.id } });
  await say("after");
  await until(() => removed?.done === true && others.every(({ events }) => durable(events).length === 3));
  expect(names(durable(removed?.events ?? []))).toEqual(["ChatMessageSent", "ChatParticipantRemoved"]);
  for (const { events, done } of others)
    expect([names(durable(events)), done]).toEqual([
      ["ChatMessageSent", "ChatParticipantRemoved", "ChatMessageSent"],
      false,
    ]);
  stop(others);
});

test("an error in an event reaches everybody, and ends nobody's subscription", async () => {
  const document = `subscription ($roomId: ID!) { chatRoomEvents(roomId: $roomId) { seq ... on ChatMessageSent { message { createdAt } } } }`;
  const heard = await followedBy(clients, document);
  const { epoch = "" } = (await headOf(graph.world.database.fork(), roomStream(room.id))) ?? {};
  const message = { ...(await messageElsewhere()), createdAt: "never" };
  const delivery = { stream: roomStream(room.id), epoch, seq: 1, event: { kind: "message_sent", message } };
  const snapshots = { users: [], messages: [] };
  await graph.world.services.pubsub.publish(
    topicOf(roomStream(room.id)),
    JSON.stringify({ delivery: { ...delivery, snapshots } }),
  );
  await until(() => heard.every(({ errors }) => errors.length > 0));
  for (const { errors, events, done } of heard) expect([errors.length, events.length, done]).toEqual([1, 1, false]);
  stop(heard);
});

async function messageElsewhere() {
  const other = await graph.world.group(project, owner);
  return sendMessage(graph.world.as(owner), { roomId: other.id, content: "hello" });
}
