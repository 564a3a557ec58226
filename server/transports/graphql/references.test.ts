import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import type { User } from "../../features/directory/directory.js";

let graph: GraphqlWorld;
let john: User;
let roomId: string;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  const project = await graph.world.project("apollo");
  john = await graph.world.person("john", project);
  roomId = String((await graph.world.group(project, john)).id);
});
afterAll(() => graph.close());

const ENTITIES = `query ($of: [_Any!]!) { _entities(representations: $of) {
  __typename
  ... on ChatRoom { id }
  ... on User { id chatUsername chatPresence }
  ... on Project { id chatName chatMembers(first: 5) { nodes { id } } chatRooms(first: 5) { nodes { id } } }
} }`;

const resolve = (of: readonly unknown[]) => graph.ask(john, ENTITIES, { of });

const OF_HOST = ["User", "Project"];
const OF_CHAT = ["ChatRoom", "ChatMessage", "ChatParticipant", "MessageReaction"];

describe("a reference", () => {
  test.each(OF_CHAT)("to a %s that can't be is null", async (type) => {
    const ids = ["0", "-1", -1, "01", "1e3", 2 ** 31, "99999999999999999999", 1e300, "", "x", "\u0000", "\uD800", "1 "];
    const { data, errors } = await resolve(ids.map((id) => ({ __typename: type, id })));
    expect([data, errors]).toEqual([{ _entities: ids.map(() => null) }, []]);
  });

  test.each(OF_HOST)("to a %s whom nobody knows is its id with nulls", async (type) => {
    const ids = ["0", "-1", "auth0|abc", "99999999999999999999", "", "x".repeat(1_000), "\u0000", "'; --", "🦊"];
    const { data, errors } = await resolve(ids.map((id) => ({ __typename: type, id })));
    const nulls =
      type === "User"
        ? { chatUsername: null, chatPresence: null }
        : { chatName: null, chatMembers: null, chatRooms: null };
    expect([data, errors]).toEqual([{ _entities: ids.map((id) => ({ __typename: type, id, ...nulls })) }, []]);
  });

  test("may say a whole number for an id, as GraphQL's ID may", async () => {
    const { data } = await resolve([
      { __typename: "ChatRoom", id: Number(roomId) },
      { __typename: "User", id: 42 },
    ]);
    expect(data).toMatchObject({ _entities: [{ id: roomId }, { id: "42" }] });
  });

  test.each([...OF_HOST, ...OF_CHAT])(
    "to a %s without a proper key is refused, and the others are answered",
    async (type) => {
      const malformed = [{}, { id: null }, { id: 1.5 }, { id: true }, { id: {} }, { id: ["1"] }, { Id: "1" }];
      const { data, errors } = await resolve([
        ...malformed.map((key) => ({ __typename: type, ...key })),
        { __typename: "ChatRoom", id: roomId },
      ]);
      expect(data).toEqual({ _entities: [...malformed.map(() => null), { __typename: "ChatRoom", id: roomId }] });
      expect(errors).toEqual(
        malformed.map((_key, index) =>
          expect.objectContaining({
            path: ["_entities", index],
            extensions: { code: "BAD_USER_INPUT", field: "representations" },
          }),
        ),
      );
    },
  );

  test.each([
    ["a type that there is not", { __typename: "ChatRum", id: "1" }],
    ["a type that is no entity", { __typename: "ChatMessageConnection", id: "1" }],
    ["an interface", { __typename: "ChatEvent", id: "1" }],
    ["the root", { __typename: "Query", id: "1" }],
    ["an input", { __typename: "SendChatMessageInput", id: "1" }],
    ["a name that every object has", { __typename: "constructor", id: "1" }],
    ["no type", { id: "1" }],
    ["a type that is no text", { __typename: ["ChatRoom"], id: "1" }],
    ["no object", "ChatRoom:1"],
    ["a list", [{ __typename: "ChatRoom", id: "1" }]],
    ["nothing", null],
  ])("to %s is refused", async (_what, representation) => {
    const { data, errors } = await resolve([representation]);
    expect(data ?? null).toBeNull();
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(["BAD_USER_INPUT"]);
  });

  test("written into the document is taken like one in a variable", async () => {
    const inline = (fields: string) =>
      graph.ask(john, `{ _entities(representations: [{ ${fields} }]) { ... on ChatRoom { id } } }`);
    expect((await inline(`__typename: "ChatRoom", id: "${roomId}"`)).data).toEqual({ _entities: [{ id: roomId }] });
    expect((await inline(`__typename: ChatRoom, id: ${roomId}`)).errors).toEqual([]);
    expect((await inline(`__typename: "ChatRoom"`)).errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  });
});

test.each([...OF_HOST, ...OF_CHAT])("a thousand references to a %s are answered, each in its place", async (type) => {
  const of = Array.from({ length: 1_000 }, (_, index) => ({ __typename: type, id: String(index + 1_000_000) }));
  const { data, errors } = await resolve([...of, { __typename: "ChatRoom", id: roomId }]);
  expect(errors).toEqual([]);
  const shown = (id: string) => (OF_HOST.includes(type) ? { __typename: type, id } : null);
  expect(data).toMatchObject({ _entities: [...of.map(({ id }) => shown(id)), { __typename: "ChatRoom", id: roomId }] });
});

test("a reference that is given twice is answered twice", async () => {
  const of = [
    { __typename: "User", id: john.hostId },
    { __typename: "User", id: john.hostId },
  ];
  const shown = { __typename: "User", id: john.hostId, chatUsername: "john", chatPresence: "OFFLINE" };
  expect((await resolve(of)).data).toEqual({ _entities: [shown, shown] });
});
