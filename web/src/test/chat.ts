import type { ApolloClient } from "@apollo/client";
import { EventStream } from "../features/events/event-stream.js";
import type { Chat, RoomGone } from "../features/session/chat.context.js";
import { Outbox } from "../lib/outbox.js";
import { createMemoryStorage } from "../lib/outbox-storage.js";
import { createStore } from "../lib/store.js";

/** A session of John’s, for components: nothing comes by its socket, and what is sent succeeds. */
export function chatFor(client: ApolloClient): Chat {
  const stream = new EventStream({
    cache: client.cache,
    viewer: { id: "1" },
    socket: { subscribe: () => () => undefined },
    query: "",
    loadSnapshot: async () => "",
    onEffect: () => undefined,
    onOnline: () => undefined,
    onUnauthenticated: () => undefined,
  });
  return {
    me: { id: "1", username: "john", name: "John Doe" },
    client,
    stream,
    outbox: new Outbox({ userId: "1", storage: createMemoryStorage(), send: async () => undefined }),
    gone: createStore<RoomGone | null>(null),
    leaving: new Set(),
    close: () => undefined,
  };
}
