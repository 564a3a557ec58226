import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient, type Client } from "graphql-ws";
import WebSocket from "ws";
import type { Project, User } from "../features/directory/directory.js";
import { sendMessage } from "../features/messages/message.actions.js";
import { removeParticipant } from "../features/rooms/participant.actions.js";
import type { Room } from "../features/rooms/room.js";
import { query, sql } from "../platform/sql.js";
import { startGraphqlWorld, type GraphqlWorld } from "./graphql-world.js";
import { postGraphql } from "./server.js";
import { startTestSupergraph, type Supergraph } from "./supergraph.js";
import { until } from "./until.js";

let graph: GraphqlWorld;
let supergraph: Supergraph;
let apollo: Project;
let john: User;
let jane: User;
/** In the room, but the host product has deleted them since. */
let gone: User;
/** Of another project. */
let dee: User;
let room: Room;
let roomId: string;

// A host's ids are its own affair: here none is a number.
beforeAll(async () => {
  graph = await startGraphqlWorld();
  const { world } = graph;
  apollo = await named("chat_project", await world.project("apollo"), "prj:Apollo/2026 #1");
  john = await named("chat_user", await world.person("john", apollo), "auth0|6650c0ffee");
  jane = await named("chat_user", await world.person("jane", apollo), "7d3f0c2e-9a51-4c5e-8f0a-2f6f3c1d9b7a");
  gone = await named("chat_user", await world.person("gone", apollo), 'Łukasz "the first" \\ o\'Neil');
  dee = await named("chat_user", await world.person("dee", await world.project("beta")), "dee@example.com");
  room = await world.group(apollo, john, jane, gone);
  roomId = String(room.id);
  for (const [author, content] of [
    [john, "Hello, everybody"],
    [jane, "Hello, John"],
    [gone, "Farewell"],
  ] as const)
    await sendMessage(world.as(author), { roomId: room.id, content });
  supergraph = await startTestSupergraph(graph.server.url, {
    people: [john, jane, dee].map(({ hostId, username, displayName }) => ({
      id: hostId,
      name: `${displayName} of the host`,
      email: `${username}@example.com`,
    })),
    projects: [{ id: apollo.hostId, title: "To the moon", members: [john.hostId, jane.hostId] }],
  });
});
afterAll(async () => {
  await supergraph.close();
  await graph.close();
});

/** The same person or project under the host's own kind of id. */
async function named<Thing extends User | Project>(table: string, thing: Thing, hostId: string): Promise<Thing> {
  await query(
    graph.world.database.fork(),
    sql`update ${sql.table(table)} set host_id = ${hostId} where id = ${thing.id}`,
  );
  return { ...thing, hostId };
}

/** One operation at the gateway. */
async function ask(user: User | null, document: string, variables?: Record<string, unknown>) {
  const token = user === null ? undefined : await graph.token(user);
  return postGraphql(supergraph.url, { token, document, variables });
}

const TOUR = `query Tour($project: ID!, $person: ID!) {
  me { name email chatDisplayName chatPresence }
  user(id: $person) { name chatDisplayName chatUsername chatPresence }
  project(id: $project) {
    title
    chatName
    members { email chatUsername }
    chatRooms { nodes { name project { title } messages { nodes { content user { id email chatDisplayName } } } } }
  }
}`;
const tour = async (user: User) => ask(user, TOUR, { project: apollo.hostId, person: jane.hostId });

test("what the host product and chat say of people and projects fits together, without a hint", () => {
  expect(supergraph.hints.map(({ message }) => message)).toEqual([]);
});

describe("a query that goes from the host's people and projects through chat and back", () => {
  test("brings a participant what each service knows", async () => {
    const says = (content: string, user: User, email: string | null) => ({
      content,
      user: { id: user.hostId, email, chatDisplayName: user.displayName },
    });
    expect(await tour(john)).toEqual({
      status: 200,
      errors: [],
      data: {
        me: {
          name: "John of the host",
          email: "john@example.com",
          chatDisplayName: "John",
          chatPresence: "OFFLINE",
        },
        user: { name: "Jane of the host", chatDisplayName: "Jane", chatUsername: "jane", chatPresence: "OFFLINE" },
        project: {
          title: "To the moon",
          chatName: "apollo",
          members: [
            { email: "john@example.com", chatUsername: "john" },
            { email: "jane@example.com", chatUsername: "jane" },
          ],
          chatRooms: {
            nodes: [
              {
                name: "Group",
                project: { title: "To the moon" },
                messages: {
                  nodes: [
                    says("Hello, everybody", john, "john@example.com"),
                    says("Hello, John", jane, "jane@example.com"),
                    says("Farewell", gone, null),
                  ],
                },
              },
            ],
          },
        },
      },
    });
  });

  test("brings an outsider what the host shows, and of chat only what they themselves are", async () => {
    const { data, errors } = await tour(dee);
    expect(errors).toEqual([]);
    expect(data).toEqual({
      me: { name: "Dee of the host", email: "dee@example.com", chatDisplayName: "Dee", chatPresence: "OFFLINE" },
      user: { name: "Jane of the host", chatDisplayName: null, chatUsername: null, chatPresence: null },
      project: { title: "To the moon", chatName: null, members: null, chatRooms: null },
    });
  });

  test("brings somebody without a token what the host shows everybody, and UNAUTHENTICATED for the rest", async () => {
    const { data, errors } = await ask(null, TOUR, { project: apollo.hostId, person: jane.hostId });
    expect(data).toEqual({
      me: null,
      user: { name: "Jane of the host", chatDisplayName: null, chatUsername: null, chatPresence: null },
      project: { title: "To the moon", chatName: null, members: null, chatRooms: null },
    });
    expect(new Set(errors.map(({ message, extensions }) => `${String(extensions.code)}: ${message}`))).toEqual(
      new Set(["UNAUTHENTICATED: Log in first: send a bearer token."]),
    );
  });

  test("brings somebody whose token has expired UNAUTHENTICATED", async () => {
    const token = await graph.server.token(john, -60_000);
    const { data, errors } = await postGraphql(supergraph.url, { token, document: "{ chatViewer { id name } }" });
    expect(data).toBeNull();
    expect(errors).toEqual([
      { message: "The token has expired: log in again.", extensions: { code: "UNAUTHENTICATED" } },
    ]);
  });

  test("no longer brings the room to whom was removed from it", async () => {
    const { world } = graph;
    const { id } = await world.group(apollo, john, jane);
    const find = async () => (await ask(jane, "query ($id: ID!) { chatRoom(id: $id) { id } }", { id })).data;
    expect(await find()).toEqual({ chatRoom: { id: String(id) } });
    await removeParticipant(world.as(john), { roomId: id, person: { id: jane.id } });
    expect(await find()).toEqual({ chatRoom: null });
  });
});

describe("through a gateway", () => {
  const SEND = `mutation ($input: SendChatMessageInput!) {
    sendChatMessage(input: $input) { message { content user { email } room { project { title } } } }
  }`;

  test("one writes, and the host's services complete the answer", async () => {
    const { data, errors } = await ask(jane, SEND, { input: { roomId, content: "By the gateway" } });
    expect(errors).toEqual([]);
    expect(data).toEqual({
      sendChatMessage: {
        message: {
          content: "By the gateway",
          user: { email: "jane@example.com" },
          room: { project: { title: "To the moon" } },
        },
      },
    });
  });

  test.each([
    ["a room that is not theirs", () => ({ roomId, content: "x" }), { code: "NOT_FOUND" }],
    ["no text", () => ({ roomId, content: "" }), { code: "BAD_USER_INPUT", field: "content" }],
  ])("a refusal arrives with its code: %s", async (_what, input, extensions) => {
    const { errors } = await ask(extensions.code === "NOT_FOUND" ? dee : john, SEND, { input: input() });
    expect(errors).toEqual([expect.objectContaining({ path: ["sendChatMessage"], extensions })]);
  });

  test("a subscription is told to go to the chat service", async () => {
    const { errors } = await ask(john, "subscription { chatEvents { cursor } }");
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining("Subscribe at the chat service"),
        extensions: { code: "BAD_USER_INPUT" },
      }),
    ]);
  });
});

describe("a router that subscribes at Parley for somebody", () => {
  /** Connects as routers do: with the header that they pass on, and nothing in the payload. */
  const dial = (authorization: string, closed: (event: unknown) => void = () => {}): Client => {
    class RouterSocket extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol, { headers: { authorization } });
      }
    }
    const url = `${graph.server.url.replace("http", "ws")}/graphql`;
    return createClient({ url, webSocketImpl: RouterSocket, retryAttempts: 0, on: { closed } });
  };
  const FOLLOW =
    "subscription { chatEvents { __typename ... on ChatMessageSent { message { content user { id } } } } }";

  test("hears what that person may hear", async () => {
    const client = dial(`Bearer ${await graph.token(john)}`);
    const heard = await graph.follow(client, FOLLOW);
    await sendMessage(graph.world.as(jane), { roomId: room.id, content: "Do you hear me?" });
    const message = { content: "Do you hear me?", user: { id: jane.hostId } };
    await until(() => heard.events.some((event) => event.__typename === "ChatMessageSent"), "the message");
    expect(heard.events).toContainEqual({ __typename: "ChatMessageSent", message });
    await client.dispose();
  });

  test("is refused with a token that is not good", async () => {
    const closed: unknown[] = [];
    const heard = graph.listen(
      dial("Bearer x", (event) => closed.push(event)),
      FOLLOW,
    );
    await until(() => closed.length > 0 && heard.done, "the refusal");
    expect(closed).toEqual([expect.objectContaining({ code: 4401, reason: "The token is not valid." })]);
    expect(heard.events).toEqual([]);
  });
});
