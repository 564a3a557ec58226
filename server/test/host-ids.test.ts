import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Client } from "graphql-ws";
import type { User } from "../features/directory/directory.js";
import { createInProcessPubSub } from "../platform/pubsub/in-process.js";
import { query, sql } from "../platform/sql.js";
import { TestClock } from "./clock.js";
import { ALL_EVENTS, names } from "./event-documents.js";
import { speakWith, type GraphqlServer, type Heard } from "./graphql-world.js";
import { makeKey, startKeyHost, type KeyHost } from "./key-host.js";
import { startTestServer } from "./server.js";
import { until } from "./until.js";
import { openTestDatabase, silent } from "./world.js";

// A host product names its people and projects as it likes. None of these ids is the number under which we keep them.

const PROJECT = "github:acme/apollo?v=1";
const MARA = "auth0|507f1f77bcf86cd799439020";
const TOM = "3f2504e0-4f89-11d3-9a0c-0305e82cc301";
/** Looks like the number of somebody else. */
const ONE = "1";
const OTHERS = [
  "mara@example.com",
  "00042",
  "2147483648",
  "9007199254740993",
  "Zoë 名",
  "O'Hara\"; --",
  "x".repeat(255),
];
const PEOPLE = [MARA, TOM, ONE, ...OTHERS];

const key = await makeKey("ES256", "host");
let keyHost: KeyHost;
let graph: GraphqlServer;
let people: ReadonlyMap<string, User>;

const person = (hostId: string): User => {
  const found = people.get(hostId);
  if (found === undefined) throw new Error(`${hostId} has not come.`);
  return found;
};

beforeAll(async () => {
  keyHost = await startKeyHost();
  keyHost.publish(key);
  const database = await openTestDatabase();
  const clock = new TestClock();
  const parts = { database, clock, pubsub: createInProcessPubSub(silent), webRoot: import.meta.dirname };
  const server = await startTestServer(parts, { JWT_SECRET: "", JWT_JWKS_URL: keyHost.url });
  const exp = Math.floor(clock.now().getTime() / 1_000) + 3_600;
  graph = speakWith({ ...server, token: ({ hostId }) => key.sign({ sub: hostId, exp }) });
  // So that nobody's number is what their id looks like.
  await query(database.fork(), sql`alter sequence chat_user_id_seq restart with 500`);
  for (const hostId of PEOPLE) await server.graphql(await key.sign({ sub: hostId, exp }), "{ chatViewer { id } }");
  await query(database.fork(), sql`insert into chat_project (host_id, name) values (${PROJECT}, 'Apollo')`);
  await query(
    database.fork(),
    sql`insert into chat_membership (project_id, user_id)
        select p.id, u.id from chat_project p cross join chat_user u`,
  );
  const rows = await query<User>(
    database.fork(),
    sql`select id, host_id as "hostId", username, display_name as "displayName" from chat_user`,
  );
  people = new Map(rows.map((row) => [row.hostId, row]));
});
afterAll(async () => {
  await graph.server.close();
  await keyHost.close();
});

async function answerTo(hostId: string, document: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await graph.ask(person(hostId), document, variables);
  expect(errors).toEqual([]);
  return data;
}

describe.each(PEOPLE)("a person whom their host product calls %j", (hostId) => {
  test("is called so by the graph, wherever it names them", async () => {
    const me = { id: hostId };
    const document = `query ($project: ID!, $of: [_Any!]!) {
      chatViewer { id }
      chatProjects { id chatMembers(first: 100) { nodes { id } } }
      chatRooms(projectId: $project) { nodes { id } }
      _entities(representations: $of) { ... on User { id chatUsername } ... on Project { id chatName } }
    }`;
    const of = [
      { __typename: "User", id: hostId },
      { __typename: "Project", id: PROJECT },
    ];
    expect(await answerTo(MARA, document, { project: PROJECT, of })).toMatchObject({
      chatViewer: { id: MARA },
      chatProjects: [{ id: PROJECT, chatMembers: { nodes: expect.arrayContaining([me]) } }],
      _entities: [
        { id: hostId, chatUsername: hostId },
        { id: PROJECT, chatName: "Apollo" },
      ],
    });
    expect(await answerTo(hostId, "{ chatViewer { id } }")).toEqual({ chatViewer: me });
  });

  test("can be written to, added and removed by that id", async () => {
    const friend = hostId === TOM ? MARA : TOM;
    const fields = "room { id project { id } owner { id } participants { user { id } } }";
    const direct = { type: "DIRECT", projectId: PROJECT, participantIds: [hostId] };
    const { room } = await graph.mutate(person(friend), "createChatRoom", direct, fields);
    expect(room).toMatchObject({
      project: { id: PROJECT },
      participants: expect.arrayContaining([{ user: { id: friend } }, { user: { id: hostId } }]),
    });
    const group = { type: "GROUP", name: "Plans", projectId: PROJECT, participantIds: [] };
    const created = await graph.mutate(person(friend), "createChatRoom", group, "room { id owner { id } }");
    expect(created.room).toMatchObject({ owner: { id: friend } });
    const place = { roomId: idOf(created.room), userId: hostId };
    const added = await graph.mutate(person(friend), "addChatParticipant", place, "participant { user { id } }");
    expect(added.participant).toEqual({ user: { id: hostId } });
    const sent = { roomId: place.roomId, content: "Here I am" };
    const { message } = await graph.mutate(person(hostId), "sendChatMessage", sent, "message { user { id } }");
    expect(message).toEqual({ user: { id: hostId } });
    await graph.mutate(person(friend), "removeChatParticipant", place, "__typename");
    const left = await answerTo(friend, "query ($id: ID!) { chatRoom(id: $id) { participants { user { id } } } }", {
      id: place.roomId,
    });
    expect(left).toEqual({ chatRoom: { participants: [{ user: { id: friend } }] } });
  });
});

test("nobody is found by the number under which we keep them", async () => {
  const number = String(person(MARA).id);
  const of = [{ __typename: "User", id: number }];
  const document = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { id chatUsername } } }";
  expect(await answerTo(TOM, document, { of })).toEqual({ _entities: [{ id: number, chatUsername: null }] });
  const input = { type: "DIRECT", projectId: PROJECT, participantIds: [number] };
  const create = "mutation ($input: CreateChatRoomInput!) { createChatRoom(input: $input) { room { id } } }";
  expect((await graph.ask(person(TOM), create, { input })).errors).toMatchObject([{ path: ["createChatRoom"] }]);
});

describe("events", () => {
  let socket: Client;
  let heard: Heard;
  let roomId: string;
  beforeAll(async () => {
    const group = { type: "GROUP", name: "Talk", projectId: PROJECT, participantIds: [TOM] };
    roomId = idOf((await graph.mutate(person(MARA), "createChatRoom", group, "room { id }")).room);
    socket = await graph.connect(person(TOM));
    heard = await graph.follow(socket, ALL_EVENTS, {});
  });

  const event = (name: string) =>
    until(() => heard.events.find(({ __typename }) => __typename === name), `${name} in ${names(heard.events).join()}`);

  test("name people by these ids, over a WebSocket that one of them has opened", async () => {
    await graph.connect(person(MARA)).then((client) => graph.follow(client, ALL_EVENTS, {}));
    expect(await event("ChatPresenceChanged")).toMatchObject({ user: { id: MARA } });
    await graph.mutate(person(MARA), "setChatTyping", { roomId, isTyping: true }, "isTyping");
    expect(await event("ChatTypingChanged")).toMatchObject({ user: { id: MARA } });
    const sent = await graph.mutate(person(MARA), "sendChatMessage", { roomId, content: "Hello" }, "message { id }");
    expect(await event("ChatMessageSent")).toMatchObject({ message: { user: { id: MARA } } });
    const messageId = idOf(sent.message);
    await graph.mutate(person(MARA), "addMessageReaction", { messageId, emoji: "👍" }, "reaction { id }");
    expect(await event("ChatReactionAdded")).toMatchObject({ reaction: { user: { id: MARA } } });
    await graph.mutate(person(TOM), "markChatRoomRead", { roomId, messageId }, "__typename");
    expect(await event("ChatRoomRead")).toMatchObject({ userId: TOM });
    await graph.mutate(person(MARA), "addChatParticipant", { roomId, userId: ONE }, "__typename");
    expect(await event("ChatParticipantAdded")).toMatchObject({ participant: { user: { id: ONE } } });
  });
});

function idOf(value: unknown): string {
  if (typeof value !== "object" || value === null || !("id" in value)) throw new Error("It has no id.");
  return String(value.id);
}
