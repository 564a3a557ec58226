import type { ApolloClient } from "@apollo/client";
import { Trays } from "../features/attachments/trays.js";
import { ChatEvents } from "../features/events/chat-events.graphql.js";
import { EventStream } from "../features/events/event-stream.js";
import { forgetMessages } from "../features/messages/message.cache.js";
import { sendMessage } from "../features/messages/send-message.js";
import { Recounts } from "../features/receipts/recounts.js";
import type { Attention, Chat, RoomGone } from "../features/session/chat.context.js";
import { createDocumentIdSocket } from "../lib/document-id-socket.js";
import { documentIdOf } from "../lib/document-ids.js";
import { noteTaken } from "../lib/other-version.js";
import { createApolloClient, refetchFailed } from "../lib/apollo.js";
import { isRetryable, toFailure } from "../lib/errors.js";
import { env, webSocketUrl } from "../lib/env.js";
import { Outbox } from "../lib/outbox.js";
import type { OutboxStorage } from "../lib/outbox-storage.js";
import { createBrowserTabs } from "../lib/outbox-tabs.js";
import type { RoomHeadSeen } from "../lib/room-heads.js";
import { createSendingNotes } from "../lib/sending-notes.js";
import { printForServer } from "../lib/socket-document.js";
import { createSocket } from "../lib/socket.js";
import { createStore } from "../lib/store.js";
import type { TrayStorage } from "../lib/tray-storage.js";
import { Presences, RoomCounts } from "./shell.graphql.js";
import { loadSnapshot } from "./snapshot.js";

export interface ChatOptions {
  readonly token: string;
  readonly outboxStorage: OutboxStorage;
  readonly trayStorage: TrayStorage;
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
  stream = new EventStream({
    cache: client.cache,
    viewer: me,
    socket: createDocumentIdSocket({
      socket: createSocket({ url: webSocketUrl(env.graphqlUrl), token: options.token }),
      documentId: documentIdOf(ChatEvents),
      onTaken: (isTaken) => noteTaken("ChatEvents", isTaken),
    }),
    query: printForServer(ChatEvents, client.cache),
    loadSnapshot: async () => {
      const snapshot = await loadSnapshot(client);
      // After the rooms, so that the room on the screen is read again later than they were.
      forgetMessages(client.cache);
      return snapshot.viewerCursor;
    },
    onEffect: (effect) => {
      if (effect.kind === "recount") recounts.want(effect.roomId);
      else if (effect.kind === "attention") attention.set(effect);
      else gone.set(effect);
    },
    onOnline: (isReturn) => {
      outbox.resume();
      refetchFailed(client);
      if (isReturn) client.query({ query: Presences, fetchPolicy: "network-only" }).catch(() => undefined);
    },
    onUnauthenticated: options.onUnauthenticated,
  });
  const openChannel = (name: string): BroadcastChannel => new BroadcastChannel(name);
  const tabs = createBrowserTabs({ locks: navigator.locks, openChannel });
  const send = sendMessage(client, stream);
  const notes = createSendingNotes(me.id);
  const outbox = new Outbox({ userId: me.id, storage: options.outboxStorage, tabs, notes, send });
  const channel = openChannel(`parley.trays.${me.id}`);
  const trays = new Trays({ userId: me.id, storage: options.trayStorage, channel });
  stream.acceptHeads(early);
  stream.start(viewerCursor);
  const close = (): void => {
    stream.stop();
    recounts.stop();
    outbox.stop();
    trays.stop();
    client.stop();
  };
  return { me, client, stream, outbox, trays, gone, attention, leaving: new Set(), close };
}
