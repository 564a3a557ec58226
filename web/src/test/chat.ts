import { ApolloClient, ApolloLink } from "@apollo/client";
import type { InMemoryCache } from "@apollo/client/cache";
import { EMPTY } from "rxjs";
import { Trays } from "../features/attachments/trays.js";
import { EventStream } from "../features/events/event-stream.js";
import type { Attention, Chat, RoomGone } from "../features/session/chat.context.js";
import { createCache } from "../lib/cache.js";
import { Outbox } from "../lib/outbox.js";
import { createMemoryStorage } from "../lib/outbox-storage.js";
import { createMemoryTrays } from "../lib/tray-storage.js";
import { createStore } from "../lib/store.js";

/** John's session with a server that never answers, over a cache of the test's own. */
export function createChat(cache: InMemoryCache = createCache()): Chat {
  return chatFor(new ApolloClient({ cache, link: new ApolloLink(() => EMPTY) }));
}

/** A session of John's, for components: nothing comes by its socket, and what is sent succeeds. */
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
    trays: new Trays({ userId: "1", storage: createMemoryTrays() }),
    gone: createStore<RoomGone | null>(null),
    attention: createStore<Attention | null>(null),
    leaving: new Set(),
    close: () => undefined,
  };
}
