import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Client } from "graphql-ws";
import type { Project, User } from "../../features/directory/directory.js";
import type { Room } from "../../features/rooms/room.js";
import { query, sql } from "../../platform/sql.js";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import { holdDatabase } from "../../test/held-database.js";
import { SERVICE_TOKEN } from "../../test/server.js";
import { until } from "../../test/until.js";
import { LIMITS } from "./limits.js";

const database = holdDatabase();
let graph: GraphqlWorld;
let project: Project;
let john: User;
let room: Room;
let client: Client;
let token: string;
beforeAll(async () => {
  graph = await startGraphqlWorld({}, (real) => database.prepare(real));
  project = await graph.world.project("apollo");
  john = await graph.world.person("john", project);
  room = await graph.world.group(project, john);
});
beforeEach(async () => {
  // Who is known is known for some seconds: none of these is about logging in.
  client = await graph.connect(john);
  token = await graph.token(john);
  for (const ask of asks) await ask.run("{ chatViewer { id } }");
});
afterEach(() => database.release());
afterAll(() => graph.close());

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: unknown;
}

const overHttp = async (document: string, variables?: Record<string, unknown>): Promise<Answer> => {
  const { data, errors } = await graph.server.graphql(token, document, variables);
  return { data, errors: errors.length === 0 ? undefined : errors };
};

const overWebSocket = (document: string, variables: Record<string, unknown> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let answer: Answer = {};
    client.subscribe<Record<string, unknown>>(
      { query: document, variables },
      { next: (result) => void (answer = result), error: reject, complete: () => resolve(answer) },
    );
  });

const asks = [
  { over: "HTTP", run: overHttp },
  { over: "WebSocket", run: overWebSocket },
];

const TOO_LATE = {
  message: "This took longer than 5 seconds, and was ended. Ask for less at once, or try again in a moment.",
  extensions: { code: "UNAVAILABLE", retryAfterMs: 1_000 },
};
const late = (path: readonly (string | number)[]) => expect.objectContaining({ ...TOO_LATE, path });

const isAsked = (count: number) => until(() => database.sent.length >= count, `${count} statements`);

/** What is read for a query, and by nobody in the background. */
const OF_A_QUERY = /\bchat_(?:room|message|membership|project)/;
const ofAQuery = () => database.sent.filter((text) => OF_A_QUERY.test(text));

const SEND =
  "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { content room { id } } } }";
const inputOf = (content: string) => ({ input: { roomId: String(room.id), content } });
const stored = async (content: string): Promise<number> =>
  (await query(graph.world.database.fork(), sql`select 1 from chat_message where content = ${content}`)).length;

describe.each(asks)("over $over", ({ over, run }) => {
  test.each([
    ["of its own", "{ chatRooms { nodes { id } } }", ["chatRooms"]],
    ["of a project", "{ chatProjects { id } }", ["chatProjects"]],
    ["of several", "{ chatRooms { nodes { id } } chatViewer { id } }", ["chatRooms"]],
    ["of a room", `{ chatRoom(id: "1") { messages { nodes { id } } } }`, ["chatRoom"]],
    ["of a search", `{ searchChatMessages(query: "x") { nodes { id } } }`, ["searchChatMessages"]],
    [
      "of entities",
      `{ _entities(representations: [{ __typename: "ChatRoom", id: "1" }]) { ... on ChatRoom { name } } }`,
      ["_entities", 0],
    ],
  ])("a query is answered after 5 s, and nothing more is asked for it: one %s", async (_what, document, path) => {
    database.hold();
    const answer = run(document);
    await until(() => ofAQuery().length > 0, "what is asked for the query");
    const before = ofAQuery();
    graph.world.clock.advance(LIMITS.timeMs);
    expect((await answer).errors).toEqual([late(path)]);
    database.release();
    // What still comes in comes before the answers to these.
    for (const ask of asks) await ask.run("{ chatViewer { id } }");
    expect(ofAQuery()).toEqual(before);
  });

  test("it keeps what has come until then", async () => {
    const document = `{ chatViewer { id } room: chatMessage(id: "1") { id } }`;
    database.hold();
    const answer = run(document);
    await isAsked(1);
    graph.world.clock.advance(LIMITS.timeMs);
    expect(await answer).toEqual({ data: { chatViewer: { id: john.hostId }, room: null }, errors: [late(["room"])] });
    database.release();
  });

  test("within 5 s it is answered as ever", async () => {
    database.hold();
    const answer = run(`{ chatRoom(id: "${room.id}") { participants { user { id } } } }`);
    await isAsked(1);
    graph.world.clock.advance(LIMITS.timeMs - 1);
    database.release();
    expect(await answer).toEqual({ data: { chatRoom: { participants: [{ user: { id: john.hostId } }] } } });
    graph.world.clock.advance(LIMITS.timeMs);
  });

  test("a change is finished, however long it takes, and so is the one after it", async () => {
    const content = `slow over ${over}`;
    database.hold();
    const answer = run(
      SEND.replace("sendChat", "first: sendChat").replace(
        /\}$/,
        "second: sendChatMessage(input: $input) { message { id } } }",
      ),
      inputOf(content),
    );
    await isAsked(1);
    graph.world.clock.advance(10 * LIMITS.timeMs);
    database.release();
    expect(await answer).toEqual({
      data: {
        first: { message: { content, room: { id: String(room.id) } } },
        second: { message: { id: expect.any(String) } },
      },
    });
    expect(await stored(content)).toBe(2);
  });
});

test("a subscription lives on", async () => {
  const heard = await graph.follow(
    client,
    `subscription { chatRoomEvents(roomId: "${room.id}") { __typename cursor } }`,
  );
  graph.world.clock.advance(3 * LIMITS.timeMs);
  await graph.mutate(john, "sendChatMessage", inputOf("still there").input, "message { id }");
  await until(() => heard.events.length > 1, "an event");
  expect([heard.events[1]?.__typename, heard.errors]).toEqual(["ChatMessageSent", []]);
});

test("what the host product puts is finished, however long it takes", async () => {
  database.hold();
  const answer = graph.server.graphql(
    SERVICE_TOKEN,
    "mutation ($input: UpsertChatUsersInput!) { upsertChatUsers(input: $input) { created } }",
    { input: { users: [{ id: "zoe", username: "zoe", displayName: "Zoë" }] } },
  );
  await isAsked(1);
  graph.world.clock.advance(10 * LIMITS.timeMs);
  database.release();
  expect((await answer).data).toEqual({ upsertChatUsers: { created: 1 } });
});
