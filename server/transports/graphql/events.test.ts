import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Client } from "graphql-ws";
import { z } from "zod";
import {
  ALL_EVENTS,
  ALL_EVENTS_FOR_EACH,
  durable,
  EVENT,
  EVENT_FOR_EACH,
  names,
  ROOM_EVENTS,
  ROOM_EVENTS_FOR_EACH,
} from "../../test/event-documents.js";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import { until } from "../../test/until.js";
import type { Project, User } from "../../features/directory/directory.js";
import type { Room } from "../../features/rooms/room.js";

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let bob: User;
let room: Room;
let clients: { readonly john: Client; readonly jane: Client };
beforeAll(async () => {
  graph = await startGraphqlWorld();
  project = await graph.world.project("apollo");
  john = await graph.world.person("john", project);
  jane = await graph.world.person("jane", project);
  bob = await graph.world.person("bob", project);
  clients = { john: await graph.connect(john), jane: await graph.connect(jane) };
});
beforeEach(async () => {
  room = await graph.world.group(project, john, jane);
});
afterAll(() => graph.close());

const id = z.object({ id: z.string() });
const roomId = () => String(room.id);
const send = async (user: User, content: string, extra: Readonly<Record<string, unknown>> = {}) => {
  const { message } = await graph.mutate(
    user,
    "sendChatMessage",
    { roomId: roomId(), content, ...extra },
    "message { id }",
  );
  return id.parse(message).id;
};

/** Does everything that can happen in a room once; what comes out is the kinds of its events, in order. */
async function doEverything(): Promise<readonly string[]> {
  const key = randomUUID();
  const first = await send(jane, "hello", { clientMutationId: key });
  await send(jane, "hello", { clientMutationId: key });
  expect(
    await graph.mutate(
      jane,
      "editChatMessage",
      { messageId: first, content: "hello @john" },
      "message { isEdited mentions { id } }",
    ),
  ).toEqual({ message: { isEdited: true, mentions: [{ id: john.hostId }] } });
  expect(
    await graph.mutate(
      john,
      "addMessageReaction",
      { messageId: first, emoji: "👍" },
      "reaction { emoji user { id } message { id } }",
    ),
  ).toEqual({ reaction: { emoji: "👍", user: { id: john.hostId }, message: { id: first } } });
  expect(
    await graph.mutate(john, "removeMessageReaction", { messageId: first, emoji: "👍" }, "messageId emoji"),
  ).toEqual({
    messageId: first,
    emoji: "👍",
  });
  expect(
    await graph.mutate(
      john,
      "addChatParticipant",
      { roomId: roomId(), userId: bob.hostId },
      "participant { user { id } lastReadMessageId }",
    ),
  ).toEqual({ participant: { user: { id: bob.hostId }, lastReadMessageId: first } });
  expect(
    await graph.mutate(john, "renameChatRoom", { roomId: roomId(), name: "Renamed" }, "room { name displayName }"),
  ).toEqual({ room: { name: "Renamed", displayName: "Renamed" } });
  expect(
    await graph.mutate(john, "removeChatParticipant", { roomId: roomId(), userId: bob.hostId }, "roomId userId"),
  ).toEqual({ roomId: roomId(), userId: bob.hostId });
  expect(await graph.mutate(jane, "deleteChatMessage", { messageId: first }, "messageId")).toEqual({
    messageId: first,
  });
  return [
    "ChatMessageSent",
    "ChatMessageEdited",
    "ChatReactionAdded",
    "ChatReactionRemoved",
    "ChatParticipantAdded",
    "ChatRoomChanged",
    "ChatParticipantRemoved",
    "ChatMessageDeleted",
  ];
}

const kindOf = (event: unknown) => z.object({ __typename: z.string() }).parse(event).__typename;

describe("what happens in a room", () => {
  test.each([
    ["made for all", EVENT, ROOM_EVENTS, ALL_EVENTS],
    ["made for each", EVENT_FOR_EACH, ROOM_EVENTS_FOR_EACH, ALL_EVENTS_FOR_EACH],
  ])(
    "(%s) is heard once and in order, in the room and in all, with the same cursors; and again by polling",
    async (...documents) => {
      const [, ofEvent, ofRoom, ofAll] = documents;
      const [one, all] = [
        await graph.follow(clients.jane, ofRoom, { roomId: roomId() }),
        await graph.follow(clients.jane, ofAll),
      ];
      const start = z.string().parse(one.events[0]?.cursor);
      const kinds = await doEverything();
      await until(
        () =>
          durable(one.events).length >= kinds.length &&
          all.events.some((event) => event.__typename === "ChatMessageDeleted"),
        "all of it",
      );
      expect(names(durable(one.events))).toEqual(kinds);
      expect(durable(one.events).map(({ seq }) => seq)).toEqual(kinds.map((_kind, index) => index + 1));
      const inRoom = new Set(durable(one.events).map(({ cursor }) => cursor));
      expect(all.events.filter(({ cursor }) => inRoom.has(cursor))).toEqual(durable(one.events));
      expect([...one.errors, ...all.errors]).toEqual([]);
      const polled = await graph.ask(
        jane,
        `query ($roomId: ID!, $after: String!) { chatRoomEvents(roomId: $roomId, after: $after) { nodes { ${ofEvent} } pageInfo { hasNextPage } } }`,
        { roomId: roomId(), after: start },
      );
      expect(
        z
          .object({ chatRoomEvents: z.object({ nodes: z.array(z.unknown()) }) })
          .parse(polled.data)
          .chatRoomEvents.nodes.map(kindOf),
      ).toEqual(kinds);
      one.stop();
      all.stop();
    },
  );

  test("carries what one needs to show it, in absolute values", async () => {
    const heard = await graph.follow(clients.john, ROOM_EVENTS_FOR_EACH, { roomId: roomId() });
    await doEverything();
    await until(() => heard.events.some((event) => event.__typename === "ChatMessageDeleted"));
    const of = (kind: string) => heard.events.find((event) => event.__typename === kind);
    const messageId = z.string().parse(of("ChatMessageDeleted")?.messageId);
    expect(of("ChatMessageSent")).toMatchObject({
      message: { id: messageId, user: { id: jane.hostId }, content: "hello" },
      activity: { id: roomId(), lastMessage: { id: messageId } },
    });
    expect(of("ChatMessageEdited")).toMatchObject({
      message: { content: "hello @john", isEdited: true, mentions: [{ id: john.hostId }], room: { id: roomId() } },
    });
    expect(of("ChatReactionAdded")).toMatchObject({
      roomId: roomId(),
      messageId,
      reaction: { emoji: "👍", user: { id: john.hostId } },
      group: { emoji: "👍", count: 1 },
    });
    expect(of("ChatReactionRemoved")).toMatchObject({ messageId, group: { emoji: "👍", count: 0 } });
    expect(of("ChatParticipantAdded")).toMatchObject({
      roomId: roomId(),
      participant: { user: { id: bob.hostId } },
      owner: { id: john.hostId },
      activity: { id: roomId(), lastMessage: { id: messageId } },
    });
    expect(of("ChatParticipantRemoved")).toMatchObject({
      participant: { user: { id: bob.hostId } },
      owner: { id: john.hostId },
    });
    expect(of("ChatRoomChanged")).toMatchObject({ room: { id: roomId(), name: "Renamed" } });
    expect(of("ChatMessageDeleted")).toMatchObject({ roomId: roomId(), lastMessage: null });
    heard.stop();
  });

  test("in passing (typing, others' reading) has neither cursor nor number", async () => {
    const heard = await graph.follow(clients.john, ROOM_EVENTS, { roomId: roomId() });
    const message = await send(john, "read me");
    expect(await graph.mutate(jane, "setChatTyping", { roomId: roomId(), isTyping: true }, "roomId isTyping")).toEqual({
      roomId: roomId(),
      isTyping: true,
    });
    expect(await graph.mutate(jane, "markChatRoomRead", { roomId: roomId() }, "room { unreadCount }")).toEqual({
      room: { unreadCount: 0 },
    });
    await until(() => ["ChatTypingChanged", "ChatRoomRead"].every((kind) => names(heard.events).includes(kind)));
    const passing = heard.events
      .filter((event) => event.seq === null && event.__typename !== "ChatPresenceChanged")
      .toSorted((a, b) => String(a.__typename).localeCompare(String(b.__typename)));
    expect(passing).toMatchObject([
      {
        __typename: "ChatRoomRead",
        cursor: null,
        seq: null,
        roomId: roomId(),
        userId: jane.hostId,
        lastReadMessageId: message,
        unread: null,
      },
      {
        __typename: "ChatTypingChanged",
        cursor: null,
        seq: null,
        roomId: roomId(),
        user: { id: jane.hostId },
        isTyping: true,
      },
    ]);
    heard.stop();
  });

  test("ends with the deletion of the room, for everybody in it", async () => {
    const [one, all] = [
      await graph.follow(clients.jane, ROOM_EVENTS, { roomId: roomId() }),
      await graph.follow(clients.jane, ALL_EVENTS),
    ];
    expect(await graph.mutate(john, "deleteChatRoom", { roomId: roomId() }, "roomId")).toEqual({ roomId: roomId() });
    await until(() => one.done && names(all.events).includes("ChatRoomLeft"));
    expect(durable(one.events)).toMatchObject([{ __typename: "ChatRoomDeleted", seq: 1, roomId: roomId() }]);
    expect([all.done, one.errors, all.errors]).toEqual([false, [], []]);
    all.stop();
  });
});

test("the key of a message is shown to its author alone, in answers and in events", async () => {
  const [own, other] = [
    await graph.follow(clients.john, ROOM_EVENTS, { roomId: roomId() }),
    await graph.follow(clients.jane, ROOM_EVENTS, { roomId: roomId() }),
  ];
  const key = randomUUID();
  const message = await send(john, "mine", { clientMutationId: key });
  await until(() => durable(own.events).length === 1 && durable(other.events).length === 1);
  expect(own.events.at(-1)).toMatchObject({ message: { clientMutationId: key } });
  expect(other.events.at(-1)).toMatchObject({ message: { clientMutationId: null } });
  const ask = async (user: User) =>
    (await graph.ask(user, `{ chatMessage(id: "${message}") { clientMutationId } }`)).data;
  expect([await ask(john), await ask(jane)]).toEqual([
    { chatMessage: { clientMutationId: key } },
    { chatMessage: { clientMutationId: null } },
  ]);
  own.stop();
  other.stop();
});

test("a direct room is called by the other person's name, and asked for twice is one", async () => {
  const create = (user: User, other: User) =>
    graph.mutate(
      user,
      "createChatRoom",
      { type: "DIRECT", projectId: project.hostId, participantIds: [other.hostId] },
      "room { id type name displayName owner { id } createdBy { id } project { id chatName } participants { user { id } } }",
    );
  const made = await create(john, bob);
  expect(made.room).toMatchObject({
    type: "DIRECT",
    name: "",
    displayName: "Bob",
    owner: null,
    createdBy: { id: john.hostId },
    project: { id: project.hostId, chatName: "apollo" },
    participants: [{ user: { id: john.hostId } }, { user: { id: bob.hostId } }],
  });
  expect((await create(bob, john)).room).toMatchObject({ id: id.parse(made.room).id, displayName: "John" });
});

test("one mutation after the other sees what the one before has done", async () => {
  const answer = await graph.ask(
    john,
    `mutation ($room: ID!) {
      a: sendChatMessage(input: { roomId: $room, content: "a" }) { message { room { lastMessage { content } } } }
      b: sendChatMessage(input: { roomId: $room, content: "b" }) { message { room { lastMessage { content } } } }
      c: renameChatRoom(input: { roomId: $room, name: "c" }) { room { name } }
    }`,
    { room: roomId() },
  );
  const last = (content: string) => ({ message: { room: { lastMessage: { content } } } });
  expect(answer.data).toEqual({ a: last("a"), b: last("b"), c: { room: { name: "c" } } });
});
