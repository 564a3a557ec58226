import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Client } from "graphql-ws";
import type { DurableEvent, EphemeralEvent } from "../features/feed/room-event.js";
import type { Project, User } from "../features/directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../features/messages/message.actions.js";
import type { Message } from "../features/messages/message.js";
import { addReaction, removeReaction } from "../features/reactions/reaction.actions.js";
import { markRoomRead } from "../features/receipts/receipt.actions.js";
import { addParticipant, removeParticipant } from "../features/rooms/participant.actions.js";
import { createRoom, deleteRoom, renameRoom } from "../features/rooms/room.actions.js";
import type { Room } from "../features/rooms/room.js";
import { setTyping } from "../features/typing/typing.actions.js";
import { sendPicture } from "./uploads.js";
import { comeAndGo } from "./come-and-go.js";
import { EVENTS, parseEvents, readSnapshot, unsigned, visible, type Snapshot } from "./feed-documents.js";
import { applyEvent, type Event, type State } from "./feed-state.js";
import { startGraphqlWorld, type GraphqlWorld, type Heard } from "./graphql-world.js";
import { until } from "./until.js";

// For every kind of event: the old snapshot with the events applied equals a fresh one. Jane is the viewer.

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let bob: User;
let alice: User;
let socket: Client;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  project = await graph.world.project("apollo");
  john = await graph.world.person("john", project);
  jane = await graph.world.person("jane", project);
  bob = await graph.world.person("bob", project);
  alice = await graph.world.person("alice", project);
  socket = await graph.connect(jane);
  // Connected before any snapshot, so that her own presence is the same in all of them.
  const first = graph.listen(socket, "{ chatViewer { id } }");
  await until(() => first.done);
});
afterAll(() => graph.close());

/** A room with something of everything in it; Jane has read the first message of John's, and not the other two. */
interface Scene {
  readonly room: Room;
  /** John's, in order; the third mentions Jane. */
  readonly messages: readonly [Message, Message, Message];
}

const say = (user: User, room: Room, content: string): Promise<Message> =>
  sendMessage(graph.world.as(user), { roomId: room.id, content });

async function setScene(): Promise<Scene> {
  const room = await graph.world.group(project, john, jane, bob);
  const first = await say(john, room, "one");
  await markRoomRead(graph.world.as(jane), { roomId: room.id });
  const second = await say(john, room, "two");
  const third = await say(john, room, "three for @jane");
  await addReaction(graph.world.as(bob), { messageId: second.id, emoji: "👍" });
  await addReaction(graph.world.as(jane), { messageId: second.id, emoji: "🎉" });
  return { room, messages: [first, second, third] };
}

/** What happens, and the types of the events by which Jane hears of it, in any order between streams. */
interface Scenario {
  readonly types: readonly string[];
  happen(scene: Scene): Promise<unknown>;
}

const as = (user: User) => graph.world.as(user);

/** A kind without a scenario does not compile. */
const durable: Record<DurableEvent["kind"], readonly Scenario[]> = {
  message_sent: [
    { types: ["ChatMessageSent"], happen: ({ room }) => say(john, room, "four") },
    {
      types: ["ChatMessageSent", "ChatMessageEdited"],
      happen: async ({ room }) => {
        const { id } = await sendPicture(as(john), room.id, "look, @jane");
        await editMessage(as(john), { messageId: id, content: "" });
      },
    },
    {
      types: ["ChatMessageSent", "ChatMessageSent"],
      happen: async ({ room }) => [
        await say(bob, room, "@jane and @john"),
        await say(jane, room, "mine, which reads all"),
      ],
    },
  ],
  message_edited: [
    {
      types: ["ChatMessageEdited"],
      happen: ({ messages }) => editMessage(as(john), { messageId: messages[1].id, content: "two, now for @jane" }),
    },
    {
      types: ["ChatMessageEdited"],
      happen: ({ messages }) => editMessage(as(john), { messageId: messages[2].id, content: "three, for nobody" }),
    },
    {
      types: ["ChatMessageEdited"],
      happen: ({ messages }) =>
        editMessage(as(john), { messageId: messages[0].id, content: "one, read before, for @jane" }),
    },
  ],
  message_deleted: [
    { types: ["ChatMessageDeleted"], happen: ({ messages }) => deleteMessage(as(john), { messageId: messages[2].id }) },
    { types: ["ChatMessageDeleted"], happen: ({ messages }) => deleteMessage(as(john), { messageId: messages[0].id }) },
    {
      types: ["ChatMessageDeleted", "ChatMessageDeleted", "ChatMessageDeleted"],
      happen: async ({ messages }) => {
        for (const { id } of messages) await deleteMessage(as(john), { messageId: id });
      },
    },
  ],
  reaction_added: [
    {
      types: ["ChatReactionAdded"],
      happen: ({ messages }) => addReaction(as(john), { messageId: messages[1].id, emoji: "👍" }),
    },
    {
      types: ["ChatReactionAdded"],
      happen: ({ messages }) => addReaction(as(jane), { messageId: messages[0].id, emoji: "❤" }),
    },
  ],
  reaction_removed: [
    {
      types: ["ChatReactionRemoved"],
      happen: ({ messages }) => removeReaction(as(bob), { messageId: messages[1].id, emoji: "👍" }),
    },
    {
      types: ["ChatReactionRemoved"],
      happen: ({ messages }) => removeReaction(as(jane), { messageId: messages[1].id, emoji: "🎉" }),
    },
  ],
  participant_added: [
    {
      types: ["ChatParticipantAdded"],
      happen: ({ room }) => addParticipant(as(john), { roomId: room.id, person: { id: alice.id } }),
    },
  ],
  participant_removed: [
    {
      types: ["ChatParticipantRemoved"],
      happen: ({ room }) => removeParticipant(as(john), { roomId: room.id, person: { id: bob.id } }),
    },
    {
      types: ["ChatParticipantRemoved"],
      happen: ({ room }) => removeParticipant(as(john), { roomId: room.id, person: { id: john.id } }),
    },
  ],
  room_changed: [
    { types: ["ChatRoomChanged"], happen: ({ room }) => renameRoom(as(john), { roomId: room.id, name: "Renamed" }) },
  ],
  room_deleted: [
    { types: ["ChatRoomDeleted", "ChatRoomLeft"], happen: ({ room }) => deleteRoom(as(john), { roomId: room.id }) },
  ],
  room_joined: [
    {
      types: ["ChatMessageSent", "ChatRoomJoined"],
      happen: async () => {
        const room = await graph.world.group(project, bob, alice);
        await say(bob, room, "before you came, @jane");
        await addParticipant(as(bob), { roomId: room.id, person: { id: jane.id } });
        await until(
          () => heard.events.some(({ __typename }) => __typename === "ChatRoomJoined"),
          "the room to be followed",
        );
        await say(alice, room, "welcome @jane");
      },
    },
    {
      types: ["ChatRoomJoined"],
      happen: () =>
        createRoom(as(alice), { type: "direct", project: { id: project.id }, participants: [{ id: jane.id }] }),
    },
  ],
  room_left: [
    {
      types: ["ChatParticipantRemoved", "ChatRoomLeft"],
      happen: ({ room }) => removeParticipant(as(john), { roomId: room.id, person: { id: jane.id } }),
    },
  ],
  read_moved: [
    { types: ["ChatRoomRead"], happen: ({ room }) => markRoomRead(as(jane), { roomId: room.id }) },
    {
      types: ["ChatRoomRead"],
      happen: ({ room, messages }) => markRoomRead(as(jane), { roomId: room.id, messageId: messages[1].id }),
    },
  ],
};

/** The graph shows who is connected, and not also who looks at which room: that is for the raw WebSocket alone. */
type ShownEphemeral = Exclude<EphemeralEvent["kind"], "attendance_changed">;
const ephemeral: Record<ShownEphemeral, readonly Scenario[]> = {
  others_read_moved: [
    {
      types: ["ChatRoomRead"],
      happen: ({ room, messages }) => markRoomRead(as(bob), { roomId: room.id, messageId: messages[1].id }),
    },
  ],
  typing_changed: [
    {
      types: ["ChatTypingChanged", "ChatTypingChanged"],
      async happen({ room }) {
        await setTyping(as(bob), { roomId: room.id, isTyping: true });
        await until(() => heard.events.some(({ isTyping }) => isTyping === true), "bob to type");
        graph.world.clock.advance(3_000);
      },
    },
  ],
  presence_changed: [
    {
      types: ["ChatPresenceChanged", "ChatPresenceChanged", "ChatPresenceChanged"],
      happen: () => comeAndGo(graph, bob, heard),
    },
  ],
  user_changed: [
    {
      types: ["ChatUserChanged"],
      async happen() {
        const token = await graph.server.token({ hostId: bob.hostId, username: "bobby", displayName: "Bobby Stone" });
        await graph.server.graphql(token, "{ chatViewer { id } }");
      },
    },
  ],
};

let heard: Heard;

const snapshot = (): Promise<Snapshot> =>
  readSnapshot(async (document, variables) => {
    const { data, errors } = await graph.ask(jane, document, variables);
    expect(errors).toEqual([]);
    return data;
  });

const apply = (state: State, events: readonly Event[]): State =>
  events.reduce((before, event) => applyEvent(before, event, jane.hostId), state);

const cases = Object.entries({ ...durable, ...ephemeral }).flatMap(([kind, scenarios]) =>
  scenarios.map((scenario, index) => ({ kind, index: index + 1, scenario })),
);

test.each(cases)("the old snapshot with $kind applied equals a fresh one ($index)", async ({ kind, scenario }) => {
  const scene = await setScene();
  const before = await snapshot();
  heard = graph.listen(socket, EVENTS, { after: before.cursors });
  await until(() => heard.events.length > 0 || heard.done, "the subscription to start");
  await scenario.happen(scene);
  await until(() => heard.events.length > scenario.types.length || heard.done, `${kind} to be heard`);
  const after = await snapshot();

  const events = parseEvents(heard.events);
  expect(heard.errors).toEqual([]);
  expect(
    events
      .slice(1)
      .map(({ __typename }) => __typename)
      .toSorted(),
  ).toEqual(scenario.types.toSorted());
  for (const { seq, cursor } of events.slice(1))
    expect([seq !== null, cursor !== null]).toEqual([kind in durable, kind in durable]);
  expect(visible(apply(before.state, events))).toEqual(visible(after.state));
  const isSame = JSON.stringify(visible(before.state)) === JSON.stringify(visible(after.state));
  expect(isSame).toBe(kind === "typing_changed");
  // Events carry absolute values: one that the snapshot already holds does no harm.
  expect(
    visible(
      apply(
        after.state,
        events.filter(({ seq, __typename }) => seq !== null && __typename !== "ChatRoomJoined"),
      ),
    ),
  ).toEqual(visible(after.state));
  heard.stop();
});

/** One subscription over everything that happens in a room; and a doubled delivery leaves everything as it is. */
test("a long evening, heard as a whole, ends where a fresh snapshot begins", async () => {
  const scene = await setScene();
  const before = await snapshot();
  heard = graph.listen(socket, EVENTS, { after: before.cursors });
  await until(() => heard.events.length > 0, "the subscription to start");
  const lasting = Object.entries(durable).filter(
    ([kind]) => !["room_deleted", "room_left", "room_joined", "participant_removed", "message_deleted"].includes(kind),
  );
  for (const [, scenarios] of lasting) for (const scenario of scenarios) await scenario.happen(scene);
  await deleteMessage(as(john), { messageId: scene.messages[1].id });
  await removeParticipant(as(john), { roomId: scene.room.id, person: { id: alice.id } });
  const after = await snapshot();
  const settled = (): boolean =>
    JSON.stringify(unsigned(apply(before.state, parseEvents(heard.events)))) === JSON.stringify(unsigned(after.state));
  await until(settled, "all events").catch(() => {});
  expect(unsigned(apply(before.state, parseEvents(heard.events)))).toEqual(unsigned(after.state));
  const numbered = parseEvents(heard.events).filter(({ seq }) => seq !== null);
  const twice = numbered.flatMap((event) => [event, event]);
  expect(visible(apply(before.state, twice))).toEqual(visible(apply(before.state, numbered)));
  heard.stop();
});
