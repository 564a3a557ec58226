import { isReference } from "@apollo/client/utilities";
import type { ApolloCache, Reference } from "@apollo/client/cache";
import type { Effect, Viewer } from "../events/effect.js";
import type { EventOf } from "../events/chat-events.graphql.js";
import { moveReadPosition, setCounts } from "../receipts/receipt.cache.js";
import { advanceHead, readCounts, roomCacheId } from "../rooms/room.cache.js";
import { setTyping } from "../typing/typing.cache.js";
import { hideFromWindow, messageCacheId, showInWindow, writeMessage } from "./message.cache.js";
import { compareMessages, type MessagePlace } from "./message-window.js";

interface StoredActivity {
  readonly lastMessage: Reference | null;
  readonly updatedAt: string;
}

function moveActivity(cache: ApolloCache, roomId: string, message: MessagePlace, updatedAt: string): void {
  cache.modify<StoredActivity>({
    id: roomCacheId(roomId),
    fields: {
      updatedAt: (known) => (Date.parse(known) < Date.parse(updatedAt) ? updatedAt : known),
      lastMessage: (known, { readField }) => {
        const ref = { __ref: messageCacheId(message.id) };
        if (!isReference(known)) return ref;
        const id = readField<string>("id", known);
        const createdAt = readField<string>("createdAt", known);
        return id && createdAt && compareMessages({ id, createdAt }, message) > 0 ? known : ref;
      },
    },
  });
}

function countUnread(cache: ApolloCache, event: EventOf<"ChatMessageSent">, viewer: Viewer): void {
  const roomId = event.room.id;
  const counts = readCounts(cache, roomId);
  // Counts are as of headSeq: an event at or before it is in them already.
  if (!counts || event.seq === null || event.seq <= counts.headSeq) return;
  // Sending moves one's own read position to the message.
  if (event.message.user.id === viewer.id) return setCounts(cache, roomId, { unreadCount: 0, unreadMentionCount: 0 });
  const isMentioned = event.message.mentions.some((user) => user.id === viewer.id);
  setCounts(cache, roomId, {
    unreadCount: counts.unreadCount + 1,
    unreadMentionCount: counts.unreadMentionCount + (isMentioned ? 1 : 0),
  });
}

/** A message was sent, by anyone. */
export function applySent(cache: ApolloCache, event: EventOf<"ChatMessageSent">, viewer: Viewer): readonly Effect[] {
  const { message, room } = event;
  writeMessage(cache, message);
  showInWindow(cache, room.id, message);
  moveActivity(cache, room.id, message, room.updatedAt);
  countUnread(cache, event, viewer);
  moveReadPosition(cache, room.id, message.user.id, { at: message.createdAt, messageId: message.id });
  setTyping(cache, room.id, message.user, false);
  advanceHead(cache, room.id, event.seq);
  return [];
}

/** A message's text was changed. */
export function applyEdited(cache: ApolloCache, event: EventOf<"ChatMessageEdited">): readonly Effect[] {
  const { room, ...message } = event.message;
  writeMessage(cache, message);
  advanceHead(cache, room.id, event.seq);
  return [];
}

/** A message was deleted. Whether it counted as unread only the server knows, so the counts are asked for. */
export function applyDeleted(cache: ApolloCache, event: EventOf<"ChatMessageDeleted">): readonly Effect[] {
  const { roomId, messageId, lastMessage } = event;
  hideFromWindow(cache, roomId, messageId);
  cache.modify<{ isDeleted: boolean }>({ id: messageCacheId(messageId), fields: { isDeleted: () => true } });
  const last = lastMessage ? writeMessage(cache, lastMessage) : null;
  cache.modify<StoredActivity>({
    id: roomCacheId(roomId),
    fields: {
      lastMessage: (known) => (isReference(known) && known.__ref === messageCacheId(messageId) ? last : known),
    },
  });
  const counts = readCounts(cache, roomId);
  const isStale = counts !== null && counts.unreadCount > 0 && event.seq !== null && event.seq > counts.headSeq;
  advanceHead(cache, roomId, event.seq);
  return isStale ? [{ kind: "recount", roomId }] : [];
}
