import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  type GraphQLFieldMap,
  type GraphQLNamedType,
} from "graphql";
import { createSchema } from "../transports/graphql/schema.js";

const { schema, sdl } = createSchema();
const printed = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");

/** Our own types: not introspection's, not federation's. */
const types = Object.values(schema.getTypeMap()).filter(
  ({ name }) => !name.startsWith("_") && !name.includes("__") && name !== "FieldSet",
);
const rootNames = ["Query", "Mutation", "Subscription"];
const fieldsOf = (name: string): GraphQLFieldMap<unknown, unknown> => {
  const type = schema.getType(name);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
};
const titled = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const operationsOf = (name: string) => Object.keys(fieldsOf(name)).filter((field) => !field.startsWith("_"));

/** Everything in a type that has a description, as `Type.field(argument)`. */
function describedIn(type: GraphQLNamedType): readonly { readonly at: string; readonly text: string }[] {
  const own = { at: type.name, text: type.description ?? "" };
  if (isEnumType(type))
    return [
      own,
      ...type.getValues().map(({ name, description }) => ({ at: `${type.name}.${name}`, text: description ?? "" })),
    ];
  if (isInputObjectType(type))
    return [
      own,
      ...Object.values(type.getFields()).map(({ name, description }) => ({
        at: `${type.name}.${name}`,
        text: description ?? "",
      })),
    ];
  if (!isObjectType(type) && !isInterfaceType(type)) return [own];
  const fields = Object.values(type.getFields()).filter(({ name }) => !name.startsWith("_"));
  return [
    own,
    ...fields.flatMap(({ name, description, args }) => [
      { at: `${type.name}.${name}`, text: description ?? "" },
      ...args.map((argument) => ({ at: `${type.name}.${name}(${argument.name})`, text: argument.description ?? "" })),
    ]),
  ];
}

describe("schema.graphql", () => {
  test("is what the code says: npm run schema writes it", () => {
    expect(printed).toBe(sdl);
  });

  test("says of everything in it what it means, as a sentence", () => {
    const described = types.filter((type) => !isSpecifiedScalarType(type)).flatMap(describedIn);
    expect(described.length).toBeGreaterThan(200);
    expect(described.filter(({ text }) => !/^[A-Z1-9].*\.$/su.test(text)).map(({ at }) => at)).toEqual([]);
  });

  test("has all that chat can do", () => {
    expect(operationsOf("Query").toSorted()).toEqual([
      "chatMessage",
      "chatProjects",
      "chatRoom",
      "chatRoomEvents",
      "chatRooms",
      "chatViewer",
      "searchChatMessages",
    ]);
    expect(operationsOf("Mutation").toSorted()).toEqual([
      "addChatParticipant",
      "addMessageReaction",
      "createChatRoom",
      "deleteChatMessage",
      "deleteChatRoom",
      "editChatMessage",
      "markChatRoomRead",
      "removeChatParticipant",
      "removeMessageReaction",
      "renameChatRoom",
      "revokeChatTokens",
      "sendChatMessage",
      "setChatTyping",
      "upsertChatProjects",
      "upsertChatUsers",
    ]);
    expect(operationsOf("Subscription").toSorted()).toEqual(["chatEvents", "chatRoomEvents"]);
  });

  test.each([
    [
      "ChatRoom",
      "id name type project participants createdBy owner lastMessage unreadCount unreadMentionCount displayName headCursor headSeq createdAt updatedAt messages",
    ],
    ["ChatParticipant", "id user joinedAt lastReadAt lastReadMessageId"],
    [
      "ChatMessage",
      "id room user content type attachment reactions reactionGroups mentions isEdited editedAt isDeleted createdAt updatedAt clientMutationId",
    ],
    ["ChatAttachment", "url thumbnailUrl name size width height contentType"],
    ["ChatMessageSearchEdge", "cursor node highlights nameHighlights"],
    ["ChatMessageHighlight", "text isMatch"],
    ["MessageReaction", "id message user emoji createdAt"],
    ["ChatReactionGroup", "emoji count viewerHasReacted users"],
    ["User", "id chatUsername chatDisplayName chatPresence"],
    ["Project", "id chatName chatRooms chatMembers"],
    ["ChatSubscriptionReady", "cursor seq heads"],
    ["ChatMessageSent", "cursor seq message room"],
    ["ChatMessageEdited", "cursor seq message"],
    ["ChatMessageDeleted", "cursor seq roomId messageId lastMessage"],
    ["ChatReactionAdded", "cursor seq roomId messageId reaction group"],
    ["ChatReactionRemoved", "cursor seq roomId messageId reaction group"],
    ["ChatParticipantAdded", "cursor seq roomId participant owner room"],
    ["ChatParticipantRemoved", "cursor seq roomId participant owner room"],
    ["ChatRoomChanged", "cursor seq room"],
    ["ChatRoomDeleted", "cursor seq roomId"],
    ["ChatRoomJoined", "cursor seq room"],
    ["ChatRoomLeft", "cursor seq roomId"],
    ["ChatRoomRead", "cursor seq roomId userId lastReadAt lastReadMessageId unread"],
    ["ChatTypingChanged", "cursor seq roomId user isTyping"],
    ["ChatPresenceChanged", "cursor seq user"],
    ["ChatUserChanged", "cursor seq user"],
  ])("has in %s what clients rely on", (type, fields) => {
    expect(Object.keys(fieldsOf(type)).toSorted()).toEqual(fields.split(" ").toSorted());
  });
});

describe("names compose into anybody's supergraph", () => {
  /** All that a supergraph may have from somebody else, too: `Upload` is what every schema with uploads calls it. */
  const shared = ["User", "Project", "PageInfo", "DateTime", "Upload", ...rootNames];

  test("our types say what they are about", () => {
    const ofMutations = operationsOf("Mutation").flatMap((name) => [`${titled(name)}Input`, `${titled(name)}Payload`]);
    const names = types
      .filter((type) => !isSpecifiedScalarType(type) && ![...shared, ...ofMutations].includes(type.name))
      .map(({ name }) => name);
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !/^Chat[A-Z]|^MessageReaction$/.test(name))).toEqual([]);
  });

  test("our root fields do, too, and so the inputs and payloads that are named after them", () => {
    const names = rootNames.flatMap(operationsOf);
    expect(names.filter((name) => !/^chat[A-Z]|[a-z]Chat[A-Z]|[a-z]MessageReaction$/.test(name))).toEqual([]);
  });

  test.each(["User", "Project"])(
    "of the host's %s there is the key, and what chat adds is nullable and prefixed",
    (type) => {
      const { id, ...added } = fieldsOf(type);
      expect([String(id?.type), id?.args]).toEqual(["ID!", []]);
      expect(Object.keys(added).length).toBeGreaterThan(2);
      expect(
        Object.values(added)
          .filter((field) => isNonNullType(field.type) || !/^chat[A-Z]/.test(field.name))
          .map(({ name }) => name),
      ).toEqual([]);
    },
  );

  test("a page is described as Relay does it, so that any service may describe it, too", () => {
    const fields = Object.values(fieldsOf("PageInfo")).map(({ name, type }) => `${name}: ${String(type)}`);
    expect(fields.toSorted()).toEqual([
      "endCursor: String",
      "hasNextPage: Boolean!",
      "hasPreviousPage: Boolean!",
      "startCursor: String",
    ]);
  });

  test("the entities are keyed by id, and paging is shareable", () => {
    for (const entity of ["ChatRoom", "ChatMessage", "ChatParticipant", "MessageReaction", "User", "Project"])
      expect(printed).toContain(`type ${entity} @key(fields: "id") {`);
    expect(printed).toContain("type PageInfo @shareable {");
    expect(printed).toContain('@link(url: "https://specs.apollo.dev/federation/v2');
  });
});

describe("the shapes are the same everywhere", () => {
  test("a mutation takes one input and answers with one payload, both of its name", () => {
    for (const { name, args, type } of Object.values(fieldsOf("Mutation"))) {
      expect([args.map((argument) => `${argument.name}: ${String(argument.type)}`), String(type)]).toEqual([
        [`input: ${titled(name)}Input!`],
        `${titled(name)}Payload!`,
      ]);
    }
  });

  test("a connection has edges, nodes and pageInfo, none of them null", () => {
    const connections = types.filter(({ name }) => name.endsWith("Connection"));
    expect(connections.length).toBeGreaterThan(3);
    for (const { name } of connections) {
      const { edges, nodes, pageInfo } = fieldsOf(name);
      expect([String(edges?.type), String(nodes && getNamedType(nodes.type)), String(pageInfo?.type)]).toEqual([
        `[${name.replace(/Connection$/, "Edge")}!]!`,
        String(getNamedType(fieldsOf(name.replace(/Connection$/, "Edge")).node?.type ?? null)),
        "PageInfo!",
      ]);
    }
  });

  test("every event is one of both interfaces, but those that concern the viewer alone", () => {
    const events = schema.getPossibleTypes(interfaceNamed("ChatEvent")).map(({ name }) => name);
    const inRoom = schema.getPossibleTypes(interfaceNamed("ChatRoomEvent")).map(({ name }) => name);
    expect(events.filter((name) => !inRoom.includes(name)).toSorted()).toEqual(["ChatRoomJoined", "ChatRoomLeft"]);
    expect(inRoom.filter((name) => !events.includes(name))).toEqual([]);
  });
});

function interfaceNamed(name: string) {
  const type = schema.getType(name);
  if (!isInterfaceType(type)) throw new Error(`${name} is no interface.`);
  return type;
}

test("a time is a time, and no other text is shown as one", () => {
  const time = schema.getType("DateTime");
  if (!isScalarType(time)) throw new Error("There are no times.");
  const shown = (value: unknown): unknown => JSON.parse(JSON.stringify(time.serialize(value)));
  expect(shown("2026-11-26T12:56:30.123Z")).toBe("2026-11-26T12:56:30.123Z");
  expect(shown("2026-11-30T12:56:30.123Z")).toBe("2026-11-30T12:56:30.123Z");
  expect(shown("2026-11-26T12:56:30+02:00")).toBe("2026-11-26T10:56:30.000Z");
  for (const text of ["soon", "", "2026-02-30T12:56:30.123Z", "2026-11-26T12:56:30.123Z, or so"])
    expect(() => time.serialize(text)).toThrow(/DateTime/);
});
