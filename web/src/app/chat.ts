import type { ApolloClient } from "@apollo/client";
import { ChatEvents } from "../features/events/chat-events.graphql.js";
import { EventStream } from "../features/events/event-stream.js";
import { forgetWindows } from "../features/messages/message.cache.js";
import { sendMessage } from "../features/messages/send-message.js";
import type { Attention, Chat, Me, RoomGone } from "../features/session/chat.context.js";
import { createApolloClient } from "../lib/apollo.js";
import { env, webSocketUrl } from "../lib/env.js";
import { Outbox } from "../lib/outbox.js";
import type { OutboxStorage } from "../lib/outbox-storage.js";
import { createBrowserTabs } from "../lib/outbox-tabs.js";
import type { RoomHeadSeen } from "../lib/room-heads.js";
import { printForServer } from "../lib/socket-document.js";
import { createSocket } from "../lib/socket.js";
import { createStore } from "../lib/store.js";
import { Presences, RoomCounts, Shell } from "./shell.graphql.js";

export interface ChatOptions {
  readonly token: string;
  readonly outboxStorage: OutboxStorage;
  readonly onUnauthenticated: () => void;
}

interface Snapshot {
  readonly viewerCursor: string;
  readonly me: Me;
}

async function loadPage(client: ApolloClient, after: string | null) {
  const { data } = await client.query({ query: Shell, variables: { after }, fetchPolicy: "network-only" });
  if (!data) throw new Error("The server sent no rooms");
  return data;
}

async function loadSnapshot(client: ApolloClient): Promise<Snapshot> {
  const first = await loadPage(client, null);
  let { pageInfo } = first.chatRooms;
  while (pageInfo.hasNextPage) pageInfo = (await loadPage(client, pageInfo.endCursor)).chatRooms.pageInfo;
  const { id, chatUsername, chatDisplayName } = first.chatViewer;
  const username = chatUsername ?? id;
  // The first page's head: what happens while later pages are read is followed from there.
  return { viewerCursor: first.chatRooms.headCursor, me: { id, username, name: chatDisplayName ?? username } };
}

/** Counts that only the server knows, asked once for a burst of reasons to ask. */
function createRecount(client: ApolloClient): (roomId: string) => void {
  const pending = new Set<string>();
  return (roomId) => {
    if (pending.has(roomId)) return;
    pending.add(roomId);
    const done = (): void => void pending.delete(roomId);
    client.query({ query: RoomCounts, variables: { roomId }, fetchPolicy: "network-only" }).then(done, done);
  };
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
  const recount = createRecount(client);
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
      if (effect.kind === "recount") recount(effect.roomId);
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
    outbox.stop();
    client.stop();
  };
  return { me, client, stream, outbox, gone, attention, leaving: new Set(), close };
}
