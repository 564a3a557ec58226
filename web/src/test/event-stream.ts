import { jest } from "@jest/globals";
import type { InMemoryCache } from "@apollo/client/cache";
import type { Sink, SubscribePayload } from "graphql-ws";
import type { ChatEvent, EventOf } from "../features/events/chat-events.graphql.js";
import { EventStream } from "../features/events/event-stream.js";
import { at, cacheWith, JANE, JOHN, messageOf, participantOf, roomOf, shownMessages } from "./events.js";

export const ready: EventOf<"ChatSubscriptionReady"> = {
  __typename: "ChatSubscriptionReady",
  cursor: null,
  seq: null,
  heads: [
    { __typename: "ChatStreamHead", roomId: null, cursor: "viewer:5", seq: 5 },
    { __typename: "ChatStreamHead", roomId: "1", cursor: "room1:10", seq: 10 },
  ],
};

export const left = (seq: number): ChatEvent => ({
  __typename: "ChatRoomLeft",
  cursor: `viewer:${seq}`,
  seq,
  roomId: "1",
});

/** The viewer joins room 1, which is sent as of `headSeq`. */
export const joined = (seq: number, headSeq: number): ChatEvent => ({
  __typename: "ChatRoomJoined",
  cursor: `viewer:${seq}`,
  seq,
  room: roomOf("1", { headSeq, headCursor: `room1:${headSeq}` }),
});

const membership = (seq: number, user: typeof JOHN | typeof JANE) =>
  ({
    cursor: `room1:${seq}`,
    seq,
    roomId: "1",
    participant: participantOf(Number(user.id), user),
    owner: { __typename: "User", id: JANE.id },
    room: { __typename: "ChatRoomActivity", id: "1", updatedAt: at(1) },
  }) as const;

export const removed = (seq: number, user: typeof JOHN | typeof JANE): ChatEvent => ({
  __typename: "ChatParticipantRemoved",
  ...membership(seq, user),
});

export const added = (seq: number, user: typeof JOHN | typeof JANE): ChatEvent => ({
  __typename: "ChatParticipantAdded",
  ...membership(seq, user),
});

/** A stream over a socket that the test plays. */
export function createStream(cache: InMemoryCache = cacheWith([messageOf(1, JANE, 0)])) {
  const asked: unknown[] = [];
  let sink: Sink<{ data?: unknown; errors?: unknown }> | null = null;
  const loadSnapshot = jest.fn(async () => "viewer:9");
  const onUnauthenticated = jest.fn();
  const onEffect = jest.fn();
  const dispose = jest.fn();
  const stream = new EventStream({
    cache,
    viewer: { id: JOHN.id },
    query: "subscription",
    socket: {
      subscribe: (payload: SubscribePayload, to: Sink) => {
        asked.push(payload.variables?.["after"]);
        sink = to;
        return dispose;
      },
    },
    loadSnapshot,
    onEffect,
    onOnline: () => undefined,
    onUnauthenticated,
  });
  stream.acceptHeads([{ roomId: "1", cursor: "room1:10", seq: 10 }]);
  stream.start("viewer:5");
  const push = async (...events: readonly ChatEvent[]): Promise<void> => {
    for (const event of events) sink?.next({ data: { chatEvents: event } });
    await jest.advanceTimersByTimeAsync(50);
  };
  const fail = async (error: unknown): Promise<void> => {
    sink?.error(error);
    await jest.advanceTimersByTimeAsync(0);
  };
  const texts = (): string[] => shownMessages(cache).map(({ content }) => content);
  const refuse = (): void => sink?.next({ errors: [{ message: "Broken" }] });
  return {
    stream,
    cache,
    asked,
    push,
    fail,
    refuse,
    dispose,
    texts,
    loadSnapshot,
    onUnauthenticated,
    onEffect,
  };
}
