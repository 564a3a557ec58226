import { parse, subscribe } from "graphql";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Client } from "graphql-ws";
import { z } from "zod";
import { ALL_EVENTS, durable, names, ROOM_EVENTS } from "../../test/event-documents.js";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import { until } from "../../test/until.js";
import type { Project, User } from "../../features/directory/directory.js";
import { sendMessage } from "../../features/messages/message.actions.js";
import { addParticipant, removeParticipant } from "../../features/rooms/participant.actions.js";
import { renameRoom } from "../../features/rooms/room.actions.js";
import type { Room } from "../../features/rooms/room.js";
import { GraphqlOperation } from "./context.js";
import { createSchema } from "./schema.js";

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let room: Room;
let clients: { readonly john: Client; readonly jane: Client };
beforeAll(async () => {
  graph = await startGraphqlWorld();
  project = await graph.world.project("apollo");
  john = await graph.world.person("john", project);
  jane = await graph.world.person("jane", project);
  clients = { john: await graph.connect(john), jane: await graph.connect(jane) };
});
beforeEach(async () => {
  room = await graph.world.group(project, john, jane);
});
afterAll(() => graph.close());

const id = z.object({ id: z.string() });
const messageOf = z.object({ message: z.object({ content: z.string() }) });
const roomId = () => String(room.id);
const send = async (user: User, content: string) => {
  const { message } = await graph.mutate(user, "sendChatMessage", { roomId: roomId(), content }, "message { id }");
  return id.parse(message).id;
};

describe("a subscription", () => {
  test("begins with where it continues from, and resumed from any cursor replays precisely what came after it", async () => {
    const first = await graph.follow(clients.jane, ROOM_EVENTS, { roomId: roomId() });
    expect(first.events[0]).toMatchObject({
      __typename: "ChatSubscriptionReady",
      seq: 0,
      heads: [{ roomId: roomId(), seq: 0, cursor: first.events[0]?.cursor }],
    });
    for (const word of ["one", "two", "three", "four"]) await send(john, word);
    await until(() => durable(first.events).length === 4);
    for (const [index, event] of [first.events[0], ...durable(first.events)].entries()) {
      const resumed = await graph.follow(clients.jane, ROOM_EVENTS, { roomId: roomId(), after: event?.cursor });
      await until(() => durable(resumed.events).length === 4 - index);
      expect(resumed.events[0]).toMatchObject({
        __typename: "ChatSubscriptionReady",
        seq: index,
        cursor: event?.cursor,
      });
      expect(durable(resumed.events)).toEqual(durable(first.events).slice(index));
      resumed.stop();
    }
    first.stop();
  });

  test("joins a snapshot without a gap: what was written between the two comes", async () => {
    await send(john, "in the snapshot");
    const answer = await graph.ask(
      jane,
      `{ chatRooms(first: 1) { headCursor nodes { headCursor headSeq unreadCount messages { nodes { content } } } } }`,
    );
    const { chatRooms } = z
      .object({
        chatRooms: z.object({
          headCursor: z.string(),
          nodes: z.tuple([z.object({ headCursor: z.string(), headSeq: z.number(), unreadCount: z.number() })]),
        }),
      })
      .parse(answer.data);
    expect(chatRooms.nodes[0]).toMatchObject({ headSeq: 1, unreadCount: 1 });
    await send(john, "in between");
    const heard = await graph.follow(clients.jane, ALL_EVENTS, {
      after: [chatRooms.headCursor, chatRooms.nodes[0].headCursor],
    });
    await until(() => durable(heard.events).length > 0);
    expect(durable(heard.events)).toMatchObject([
      { __typename: "ChatMessageSent", seq: 2, message: { content: "in between" } },
    ]);
    heard.stop();
  });

  test("to all rooms brings the rooms that one is added to, from then on, and lets go of those that one leaves", async () => {
    const heard = await graph.follow(clients.jane, ALL_EVENTS);
    const fresh = await graph.world.group(project, john);
    const write = (content: string) => sendMessage(graph.world.as(john), { roomId: fresh.id, content });
    const heardOf = (kind: string, count: number) =>
      until(() => names(heard.events).filter((name) => name === kind).length === count, `${count} ${kind}`);
    await write("before jane");
    await addParticipant(graph.world.as(john), { roomId: fresh.id, person: { id: jane.id } });
    await heardOf("ChatRoomJoined", 1);
    await write("with jane");
    await heardOf("ChatMessageSent", 1);
    await removeParticipant(graph.world.as(john), { roomId: fresh.id, person: { id: jane.id } });
    await heardOf("ChatRoomLeft", 1);
    await write("after jane");
    await addParticipant(graph.world.as(john), { roomId: fresh.id, person: { id: jane.id } });
    await heardOf("ChatRoomJoined", 2);
    await write("with jane again");
    await heardOf("ChatMessageSent", 2);
    const words = heard.events.flatMap((event) => messageOf.safeParse(event).data?.message.content ?? []);
    expect(words).toEqual(["with jane", "with jane again"]);
    expect(names(heard.events).filter((name) => name === "ChatRoomJoined" || name === "ChatRoomLeft")).toEqual([
      "ChatRoomJoined",
      "ChatRoomLeft",
      "ChatRoomJoined",
    ]);
    expect(heard.errors).toEqual([]);
    heard.stop();
  });

  test("ends right after one was removed: the removal is the last that one hears", async () => {
    const [one, all] = [
      await graph.follow(clients.jane, ROOM_EVENTS, { roomId: roomId() }),
      await graph.follow(clients.jane, ALL_EVENTS),
    ];
    await send(john, "before");
    await removeParticipant(graph.world.as(john), { roomId: room.id, person: { id: jane.id } });
    await send(john, "secret");
    await until(() => one.done && names(all.events).includes("ChatRoomLeft"));
    await send(john, "more secret");
    const mine = await graph.world.group(project, jane);
    await until(() => JSON.stringify(all.events).includes(`"room":{"id":"${mine.id}"`), "what happens elsewhere");
    expect(names(durable(one.events))).toEqual(["ChatMessageSent", "ChatParticipantRemoved"]);
    expect(JSON.stringify([one.events, all.events])).not.toContain("secret");
    expect([one.errors, all.errors]).toEqual([[], []]);
    const again = graph.listen(clients.jane, ROOM_EVENTS, { roomId: roomId(), after: one.events.at(-1)?.cursor });
    await until(() => again.done);
    expect(again.errors[0]?.extensions.code).toBe("NOT_FOUND");
    all.stop();
  });

  test("tells a removed person who reads slowly nothing but the events themselves: no door behind them is open", async () => {
    const { database, services, feed } = graph.world;
    const document = parse(`subscription { chatRoomEvents(roomId: "${roomId()}") { __typename
      ... on ChatRoomChanged { room { name participants { id } lastMessage { content } messages { nodes { content } } unreadCount } }
      ... on ChatReactionAdded { reaction { message { content } } }
      ... on ChatParticipantRemoved { activity: room { lastMessage { content } } } } }`);
    const events = await subscribe({
      schema: createSchema().schema,
      document,
      contextValue: new GraphqlOperation(jane, { database, services, feed }),
    });
    if (!(Symbol.asyncIterator in events)) throw new Error("The subscription was refused.");
    await events.next();
    const message = await send(john, "open");
    await graph.mutate(john, "addMessageReaction", { messageId: message, emoji: "👍" }, "reaction { id }");
    await renameRoom(graph.world.as(john), { roomId: room.id, name: "Still open" });
    await removeParticipant(graph.world.as(john), { roomId: room.id, person: { id: jane.id } });
    await graph.mutate(john, "editChatMessage", { messageId: message, content: "edited secret" }, "message { id }");
    await send(john, "new secret");
    const late = [];
    for await (const event of events) late.push(event);
    expect(late.length).toBe(4);
    expect(JSON.stringify(late)).not.toContain("secret");
    expect(late.at(-1)?.data).toEqual({
      chatRoomEvents: { __typename: "ChatParticipantRemoved", activity: { lastMessage: null } },
    });
  });

  test("tells that somebody's names have changed, to those who share a room with them", async () => {
    const heard = await graph.follow(clients.john, ALL_EVENTS);
    graph.world.clock.advance(1_000);
    await graph.server.graphql(await graph.server.token({ ...jane, displayName: "Jane Doe" }), "{ chatViewer { id } }");
    await until(() => names(heard.events).includes("ChatUserChanged"));
    expect(heard.events.find((event) => event.__typename === "ChatUserChanged")).toMatchObject({
      cursor: null,
      user: { id: jane.hostId, chatDisplayName: "Jane Doe" },
    });
    heard.stop();
  });
});
