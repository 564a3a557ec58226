import type { ApolloClient } from "@apollo/client";
import { ChatEvents } from "../features/events/chat-events.graphql.js";
import { EventStream } from "../features/events/event-stream.js";
import { forgetWindows } from "../features/messages/message.cache.js";
import { sendMessage } from "../features/messages/send-message.js";
import { Recounts } from "../features/receipts/recounts.js";
import type { Attention, Chat, RoomGone } from "../features/session/chat.context.js";
import { createApolloClient } from "../lib/apollo.js";
import { isRetryable, toFailure } from "../lib/errors.js";
import { env, webSocketUrl } from "../lib/env.js";
import { Outbox } from "../lib/outbox.js";
import type { OutboxStorage } from "../lib/outbox-storage.js";
import { createBrowserTabs } from "../lib/outbox-tabs.js";
import type { RoomHeadSeen } from "../lib/room-heads.js";
import { printForServer } from "../lib/socket-document.js";
import { createSocket } from "../lib/socket.js";
import { createStore } from "../lib/store.js";
import { Presences, RoomCounts } from "./shell.graphql.js";
import { loadSnapshot } from "./snapshot.js";

export interface ChatOptions {
  readonly token: string;
  readonly outboxStorage: OutboxStorage;
  readonly onUnauthenticated: () => void;
}

/** Asks for a room's counts; answers whether there is no sense in asking again. */
function askCounts(client: ApolloClient): (roomId: string) => Promise<boolean> {
  return (roomId) =>
    client.query({ query: RoomCounts, variables: { roomId }, fetchPolicy: "network-only" }).then(
      () => true,
      (error: unknown) => !isRetryable(toFailure(error).code),
    );
}

/** Logs in for good: reads the rooms, then follows all that happens to them until `close`. */
export async function openChat(options: ChatOptions): Promise<Chat> {
  let stream: EventStream | null = null;
  const early: RoomHeadSeen[] = [];
  const client = createApolloClient({
    token: options.token,
    onUnauthenticated: options.onUnauthenticated,
    onRoomHeads: (heads) => (stream ? stream.acceptHeads(heads) : void early.push(...heads)),
  });
  const { me, viewerCursor } = await loadSnapshot(client);
  const gone = createStore<RoomGone | null>(null);
  const attention = createStore<Attention | null>(null);
  const recounts = new Recounts(askCounts(client));
  const send = sendMessage(client);
  const tabs = createBrowserTabs({ locks: navigator.locks, openChannel: (name) => new BroadcastChannel(name) });
  const outbox = new Outbox({ userId: me.id, storage: options.outboxStorage, tabs, send });
  stream = new EventStream({
    cache: client.cache,
    viewer: me,
    socket: createSocket({ url: webSocketUrl(env.graphqlUrl), token: options.token }),
    query: printForServer(ChatEvents, client.cache),
    loadSnapshot: async () => {
      const snapshot = await loadSnapshot(client);
      // After the rooms, so that the room on the screen is read again later than they were.
      forgetWindows(client.cache);
      return snapshot.viewerCursor;
    },
    onEffect: (effect) => {
      if (effect.kind === "recount") recounts.want(effect.roomId);
      else if (effect.kind === "attention") attention.set(effect);
      else gone.set(effect);
    },
    onOnline: (isReturn) => {
      outbox.resume();
      if (isReturn) client.query({ query: Presences, fetchPolicy: "network-only" }).catch(() => undefined);
    },
    onUnauthenticated: options.onUnauthenticated,
  });
  stream.acceptHeads(early);
  stream.start(viewerCursor);
  const close = (): void => {
    stream.stop();
    recounts.stop();
    outbox.stop();
    client.stop();
  };
  return { me, client, stream, outbox, gone, attention, leaving: new Set(), close };
}
