import { i18n } from "@lingui/core";
import { isReference } from "@apollo/client/utilities";
import type { ApolloCache, Reference } from "@apollo/client/cache";
import { messageLine } from "../attachments/attachment-words.js";
import type { Effect, Viewer } from "../events/effect.js";
import type { ChatEvent, EventOf } from "../events/chat-events.graphql.js";
import { moveReadPosition, setCounts } from "../receipts/receipt.cache.js";
import { advanceHead, readCounts, readRoom, roomCacheId } from "../rooms/room.cache.js";
import { setTyping } from "../typing/typing.cache.js";
import {
  hideFromWindow,
  messageCacheId,
  noteDeleted,
  readMentions,
  showInWindow,
  writeMessage,
} from "./message.cache.js";
import { compareMessages, type MessagePlace } from "./message-window.js";

/** The message that an event tells how it is now; null for other events, those about its reactions included. */
export function toldMessageOf(event: ChatEvent): string | null {
  if (event.__typename === "ChatMessageSent" || event.__typename === "ChatMessageEdited") return event.message.id;
  return event.__typename === "ChatMessageDeleted" ? event.messageId : null;
}

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

/** Counts a message; answers whether it is new to the viewer, and by someone else. */
function countUnread(cache: ApolloCache, event: EventOf<"ChatMessageSent">, viewer: Viewer): boolean {
  const roomId = event.room.id;
  const counts = readCounts(cache, roomId);
  // Counts are as of headSeq: an event at or before it is in them already.
  if (!counts || event.seq === null || event.seq <= counts.headSeq) return false;
  // Sending moves one's own read position to the message.
  if (event.message.user.id === viewer.id) {
    setCounts(cache, roomId, { unreadCount: 0, unreadMentionCount: 0 });
    return false;
  }
  const isMentioned = isMentionOf(event.message, viewer);
  setCounts(cache, roomId, {
    unreadCount: counts.unreadCount + 1,
    unreadMentionCount: counts.unreadMentionCount + (isMentioned ? 1 : 0),
  });
  return true;
}

function isMentionOf(message: { readonly mentions: readonly { readonly id: string }[] }, viewer: Viewer): boolean {
  return message.mentions.some((user) => user.id === viewer.id);
}

/** Who writes to the viewer alone, or names them, wants to be heard. */
function askForAttention(cache: ApolloCache, event: EventOf<"ChatMessageSent">, viewer: Viewer): readonly Effect[] {
  const { message, room } = event;
  const known = readRoom(cache, room.id);
  if (!known || !(known.type === "DIRECT" || isMentionOf(message, viewer))) return [];
  const author = message.user.chatDisplayName ?? i18n.t("Deleted user");
  const roomName = known.type === "DIRECT" ? null : known.displayName;
  return [{ kind: "attention", roomId: room.id, messageId: message.id, author, roomName, text: messageLine(message) }];
}

/** A message was sent, by anyone. */
export function applySent(cache: ApolloCache, event: EventOf<"ChatMessageSent">, viewer: Viewer): readonly Effect[] {
  const { message, room } = event;
  writeMessage(cache, message);
  showInWindow(cache, room.id, message);
  moveActivity(cache, room.id, message, room.updatedAt);
  const isNew = countUnread(cache, event, viewer);
  moveReadPosition(cache, room.id, message.user.id, { at: message.createdAt, messageId: message.id });
  setTyping(cache, room.id, message.user, false);
  advanceHead(cache, room.id, event.seq);
  return isNew ? askForAttention(cache, event, viewer) : [];
}

/** Whether something that only the server counts may have changed with this event. */
function mayCountAnew(cache: ApolloCache, roomId: string, seq: number | null): boolean {
  const counts = readCounts(cache, roomId);
  return counts !== null && counts.unreadCount > 0 && seq !== null && seq > counts.headSeq;
}

/**
 * A message's text was changed. Whether a mention that came or went by it is of an unread message only the server knows,
 * so the counts are asked for.
 */
export function applyEdited(
  cache: ApolloCache,
  event: EventOf<"ChatMessageEdited">,
  viewer: Viewer,
): readonly Effect[] {
  const { room, ...message } = event.message;
  const before = readMentions(cache, message.id);
  const isSame = before !== null && isMentionOf(before, viewer) === isMentionOf(message, viewer);
  const isStale = !isSame && message.user.id !== viewer.id && mayCountAnew(cache, room.id, event.seq);
  writeMessage(cache, message);
  advanceHead(cache, room.id, event.seq);
  return isStale ? [{ kind: "recount", roomId: room.id }] : [];
}

/** A message was deleted. Whether it counted as unread only the server knows, so the counts are asked for. */
export function applyDeleted(cache: ApolloCache, event: EventOf<"ChatMessageDeleted">): readonly Effect[] {
  const { roomId, messageId, lastMessage } = event;
  hideFromWindow(cache, roomId, messageId);
  noteDeleted(cache, messageId);
  const last = lastMessage ? writeMessage(cache, lastMessage) : null;
  cache.modify<StoredActivity>({
    id: roomCacheId(roomId),
    fields: {
      lastMessage: (known) => (isReference(known) && known.__ref === messageCacheId(messageId) ? last : known),
    },
  });
  const isStale = mayCountAnew(cache, roomId, event.seq);
  advanceHead(cache, roomId, event.seq);
  return isStale ? [{ kind: "recount", roomId }] : [];
}
