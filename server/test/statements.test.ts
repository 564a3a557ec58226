import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { graphql, parse, subscribe } from "graphql";
import type { Project, User } from "../features/directory/directory.js";
import { headOf } from "../features/feed/feed.queries.js";
import { formatCursor, roomStream } from "../features/feed/stream.js";
import { deleteMessage, editMessage, sendMessage } from "../features/messages/message.actions.js";
import { addReaction, removeReaction } from "../features/reactions/reaction.actions.js";
import { addParticipant, removeParticipant } from "../features/rooms/participant.actions.js";
import { renameRoom } from "../features/rooms/room.actions.js";
import type { Room } from "../features/rooms/room.js";
import { setTyping } from "../features/typing/typing.actions.js";
import type { Database } from "../platform/orm.js";
import { prepared, query, sql } from "../platform/sql.js";
import { GraphqlOperation } from "../transports/graphql/context.js";
import { createSchema } from "../transports/graphql/schema.js";
import { countStatements } from "./count-statements.js";
import { incoming } from "./uploads.js";
import { createWorld, openTestDatabase, type World } from "./world.js";

const { schema } = createSchema();
const FEW = 3;
const MANY = 30;

let world: World;
let counted: Database;
let statements = 0;
let home: Project;
let john: User;
/** A room with everything in it: 30 people, who all write, mention and react. */
let busy: Room;
/** A room of three. */
let quiet: Room;

beforeAll(async () => {
  const database = await openTestDatabase();
  counted = { ...database, fork: () => countStatements(database.fork(), () => (statements += 1)) };
  world = await createWorld({ database: counted });
  const projects: Project[] = [];
  for (let index = 0; index < MANY; index += 1) projects.push(await world.project(`project${index}`));
  const [first] = projects;
  if (first === undefined) throw new Error("There is no project.");
  home = first;
  john = await world.person("john", ...projects);
  const people: User[] = [];
  for (let index = 0; index < 2 * MANY; index += 1) people.push(await world.person(`person${index}`, home));
  for (let index = 0; index < MANY; index += 1) {
    const [owner, other] = [people[2 * index] ?? john, people[2 * index + 1] ?? john];
    const room = await world.group(home, owner, other, john);
    const message = await sendMessage(world.as(other), { roomId: room.id, content: `hello @${owner.username}` });
    await addReaction(world.as(owner), { messageId: message.id, emoji: "👍" });
    const elsewhere = projects[index] ?? home;
    await world.group(elsewhere, john);
  }
  quiet = await world.group(home, john, ...people.slice(0, FEW - 1));
  await sendMessage(world.as(john), { roomId: quiet.id, content: "hello" });
  busy = await world.group(home, john, ...people.slice(0, MANY - 1));
  // Who reacts neither writes nor is mentioned: otherwise a longer page would have fewer people left to read.
  const [writers, reactors] = [people.slice(0, MANY / 2), people.slice(MANY / 2, MANY - 1)];
  const one = (among: readonly User[], index: number) => among[index % among.length] ?? john;
  for (let index = 0; index < MANY; index += 1) {
    const content = `hello @${one(writers, index + 1).username}`;
    const message = await sendMessage(world.as(one(writers, index)), { roomId: busy.id, content });
    await addReaction(world.as(one(reactors, index)), { messageId: message.id, emoji: "👍" });
    await addReaction(world.as(one(reactors, index + 1)), { messageId: message.id, emoji: "🎉" });
  }
}, 120_000);
afterAll(() => world.close());

/** How many statements a document takes, and how many things of the given kind it brought. */
async function run(document: string, count: number): Promise<{ statements: number; text: string }> {
  const { services, feed } = world;
  const contextValue = new GraphqlOperation(john, { database: counted, services, feed });
  const roomId = String(count === FEW ? quiet.id : busy.id);
  const { epoch } = (await headOf(world.database.fork(), roomStream(busy.id))) ?? { epoch: "" };
  const start = formatCursor({ stream: roomStream(busy.id), epoch, seq: 0 });
  statements = 0;
  const { data, errors } = await graphql({
    schema,
    source: document,
    contextValue,
    variableValues: { n: count, roomId, busy: String(busy.id), start },
  });
  expect(errors).toBeUndefined();
  return { statements, text: JSON.stringify(data) };
}

const PERSON = "id chatUsername chatDisplayName chatPresence";
const MESSAGE = `id content attachment { url name } user { ${PERSON} } mentions { ${PERSON} } room { id name unreadCount }
  reactions { id emoji user { ${PERSON} } message { id } } reactionGroups { emoji count viewerHasReacted users(first: 3) { ${PERSON} } }`;
const ROOM = `id name displayName unreadCount unreadMentionCount headCursor headSeq project { id chatName }
  owner { ${PERSON} } createdBy { ${PERSON} } participants { id lastReadAt lastReadMessageId user { ${PERSON} } }
  lastMessage { ${MESSAGE} }`;

/** What a client shows of an event, as the web client asks for it. */
const EVENT_MESSAGE =
  "id content type attachment { url thumbnailUrl name size } createdAt isEdited isDeleted clientMutationId user { id chatUsername chatDisplayName } mentions { id }";
const REACTION = "roomId messageId reaction { id emoji user { id chatDisplayName } } group { emoji count }";
const PARTICIPANT =
  "roomId participant { id joinedAt user { id chatDisplayName chatPresence } } owner { id } activity: room { id updatedAt }";
const EVENTS = `subscription ($roomId: ID!) { chatRoomEvents(roomId: $roomId) { __typename cursor seq
  ... on ChatSubscriptionReady { heads { roomId cursor seq } }
  ... on ChatMessageSent { message { ${EVENT_MESSAGE} } activity: room { id updatedAt lastMessage { id } } }
  ... on ChatMessageEdited { message { ${EVENT_MESSAGE} room { id } } }
  ... on ChatMessageDeleted { roomId messageId lastMessage { ${EVENT_MESSAGE} } }
  ... on ChatReactionAdded { ${REACTION} } ... on ChatReactionRemoved { ${REACTION} }
  ... on ChatParticipantAdded { ${PARTICIPANT} } ... on ChatParticipantRemoved { ${PARTICIPANT} }
  ... on ChatRoomChanged { room { id name type updatedAt } }
  ... on ChatTypingChanged { roomId isTyping user { id chatDisplayName } } } }`;

test("the counter counts", async () => {
  statements = 0;
  await query(counted.fork(), sql`select 1`);
  const compiledOnce = prepared<{ n: number }, { n: number }>(({ n }) => sql`select ${n}::int as n`);
  expect(await compiledOnce(counted.fork(), { n: 2 })).toEqual([{ n: 2 }]);
  expect(await compiledOnce(counted.fork(), { n: 3 })).toEqual([{ n: 3 }]);
  expect(statements).toBe(3);
});

describe("ten times as many rows take exactly as many statements", () => {
  test.each([
    [
      "the room list with everything that a list shows",
      `query ($n: Int) { chatRooms(first: $n) { headCursor nodes { ${ROOM} } } }`,
      6,
    ],
    [
      "a page of what was found, with people, reactions, groups and mentions",
      `query ($n: Int) { searchChatMessages(query: "hello", first: $n) { edges { highlights { text isMatch } nameHighlights { text isMatch } node { ${MESSAGE} } } } }`,
      8,
    ],
    [
      "the history with people, reactions, groups and mentions",
      `query ($n: Int, $busy: ID!) { chatRoom(id: $busy) { messages(first: $n) { nodes { ${MESSAGE} } } } }`,
      4,
    ],
    [
      "the participants of a room",
      `query ($roomId: ID!) { chatRoom(id: $roomId) { participants { id lastReadMessageId user { ${PERSON} } } } }`,
      3,
    ],
    [
      "the members of a project",
      `query ($n: Int) { chatRooms(first: 1) { nodes { project { chatMembers(first: $n) { nodes { ${PERSON} } } } } } }`,
      3,
    ],
    [
      "the histories of many rooms",
      `query ($n: Int) { chatRooms(first: $n) { nodes { messages(last: 5) { nodes { ${MESSAGE} } } } } }`,
      4,
    ],
    [
      "all of one's projects with their rooms and members",
      `query ($n: Int) { chatRooms(last: $n) { nodes { project { id chatName chatRooms(first: 5) { nodes { ${ROOM} } } chatMembers(first: 5) { nodes { ${PERSON} } } } } } }`,
      10,
    ],
    [
      "what happened in a room",
      `query ($n: Int, $busy: ID!, $start: String!) { chatRoomEvents(roomId: $busy, after: $start, first: $n) { nodes { __typename ... on ChatMessageSent { message { ${MESSAGE} } } ... on ChatReactionAdded { reaction { user { ${PERSON} } message { ${MESSAGE} } } } } } }`,
      12,
    ],
  ])("%s", async (_what, document, atMost) => {
    const [few, many] = [await run(document, FEW), await run(document, MANY)];
    expect(many.text.length).toBeGreaterThan(2 * few.text.length);
    expect(many.statements).toBe(few.statements);
    expect(many.statements).toBeLessThanOrEqual(atMost);
  });
});

test("an event costs those who hear it no statement at all, whatever happened", async () => {
  const { services, feed } = world;
  const jane = await world.person("jane");
  const room = await world.group(home, john);
  await query(
    world.database.fork(),
    sql`insert into chat_membership (project_id, user_id) values (${home.id}, ${jane.id})`,
  );
  const contextValue = new GraphqlOperation(john, { database: counted, services, feed });
  const events = await subscribe({
    schema,
    document: parse(EVENTS),
    contextValue,
    variableValues: { roomId: String(room.id) },
  });
  if (!(Symbol.asyncIterator in events)) throw new Error("The subscription was refused.");
  const costs: unknown[] = [];
  const hear = async () => {
    statements = 0;
    const { value } = await events.next();
    costs.push([value?.data?.chatRoomEvents, value?.errors, statements]);
  };
  const person = { id: jane.id };
  await hear();
  await addParticipant(world.as(john), { roomId: room.id, person });
  await hear();
  const message = await sendMessage(world.as(jane), { roomId: room.id, content: "hello @john" });
  await hear();
  await editMessage(world.as(jane), { messageId: message.id, content: "hello @jane" });
  await hear();
  const attachment = incoming({ name: "a.txt", bytes: Buffer.from("words") });
  await sendMessage(world.as(jane), { roomId: room.id, content: "", attachment });
  await hear();
  await addReaction(world.as(jane), { messageId: message.id, emoji: "👍" });
  await hear();
  await removeReaction(world.as(jane), { messageId: message.id, emoji: "👍" });
  await hear();
  await renameRoom(world.as(john), { roomId: room.id, name: "renamed" });
  await hear();
  await deleteMessage(world.as(jane), { messageId: message.id });
  await hear();
  await setTyping(world.as(jane), { roomId: room.id, isTyping: true });
  await hear();
  await removeParticipant(world.as(john), { roomId: room.id, person });
  await hear();
  expect(costs).toEqual(
    [
      "SubscriptionReady",
      "ParticipantAdded",
      "MessageSent",
      "MessageEdited",
      "MessageSent",
      "ReactionAdded",
      "ReactionRemoved",
      "RoomChanged",
      "MessageDeleted",
      "TypingChanged",
      "ParticipantRemoved",
    ].map((kind) => [expect.objectContaining({ __typename: `Chat${kind}` }), undefined, 0]),
  );
  await events.return();
});
