import { isReference } from "@apollo/client/utilities";
import { InMemoryCache, type ApolloCache, type Reference } from "@apollo/client/cache";
import type { Unmasked } from "@apollo/client/masking";
import { graphql } from "../../gql/gql.js";
import type { EventMessageFragment } from "../../gql/graphql.js";
import { EventMessage } from "../events/chat-events.graphql.js";
import { ensureReactions } from "../reactions/reaction.cache.js";
import { roomCacheId } from "../rooms/room.cache.js";
import {
  insertIntoWindow,
  KEPT_WHEN_LEFT,
  newestPart,
  oldestPart,
  removeFromWindow,
  type MessagePlace,
  type StoredWindow,
} from "./message-window.js";

const KnownMessage = graphql(`
  fragment KnownMessage on ChatMessage {
    clientMutationId
  }
`);

const KnownMentions = graphql(`
  fragment KnownMentions on ChatMessage {
    mentions {
      id
    }
  }
`);

const Deletion = graphql(`
  fragment Deletion on ChatMessage {
    isDeleted
  }
`);

export type MessageData = Unmasked<EventMessageFragment>;

/** The cache's own id of a message. */
export function messageCacheId(messageId: string): string {
  return `ChatMessage:${messageId}`;
}

/**
 * Writes a message as events and answers tell it: without reactions, which it keeps if the cache has them, and
 * with its author's key, which it keeps as well.
 */
export function writeMessage(cache: ApolloCache, message: MessageData): Reference {
  const id = messageCacheId(message.id);
  const known = cache.readFragment({ id, fragment: KnownMessage });
  const clientMutationId = message.clientMutationId ?? known?.clientMutationId ?? null;
  cache.writeFragment({
    id,
    fragment: EventMessage,
    fragmentName: "EventMessage",
    data: { ...message, clientMutationId },
  });
  ensureReactions(cache, message.id);
  return { __ref: id };
}

/** Whom a message mentions as the cache has it, or null when it does not know the message. */
export function readMentions(
  cache: ApolloCache,
  messageId: string,
): { readonly mentions: readonly { readonly id: string }[] } | null {
  return cache.readFragment({ id: messageCacheId(messageId), fragment: KnownMentions });
}

/** Notes that a message was deleted, for as long as anything refers to it, or somebody holds on to it. */
export function noteDeleted(cache: ApolloCache, messageId: string): void {
  holdDeleted(cache, messageId)();
}

/** Notes that a message was deleted, also of one of which nothing else is known, until the answer is called. */
export function holdDeleted(cache: ApolloCache, messageId: string): () => void {
  const id = messageCacheId(messageId);
  cache.writeFragment({ id, fragment: Deletion, data: { __typename: "ChatMessage", isDeleted: true } });
  // What is written by its id is never collected before it is let go of as often.
  return () => void (cache instanceof InMemoryCache && cache.release(id));
}

/** Whether it is known that a message was deleted. */
export function isKnownDeleted(cache: ApolloCache, messageId: string): boolean {
  return cache.readFragment({ id: messageCacheId(messageId), fragment: Deletion })?.isDeleted ?? false;
}

/** Shows a stored message in its room's window, if the window reaches that far. */
export function showInWindow(cache: ApolloCache, roomId: string, message: MessagePlace): void {
  const ref = { __ref: messageCacheId(message.id) };
  cache.modify<{ messages: StoredWindow }>({
    id: roomCacheId(roomId),
    fields: {
      messages: (window, { readField }) => {
        if (isReference(window)) return window;
        return insertIntoWindow(window, { ...message, ref }, (node) => {
          const id = readField<string>("id", node);
          const createdAt = readField<string>("createdAt", node);
          return id && createdAt ? { id, createdAt } : null;
        });
      },
    },
  });
}

/** Takes a message out of its room's window. */
export function hideFromWindow(cache: ApolloCache, roomId: string, messageId: string): void {
  cache.modify<{ messages: StoredWindow }>({
    id: roomCacheId(roomId),
    fields: {
      messages: (window) => (isReference(window) ? window : removeFromWindow(window, messageCacheId(messageId))),
    },
  });
}

/**
 * Forgets everything that nothing refers to any more, and what was remembered of reading it: the cache would hold on to ten
 * times as much by that.
 */
export function collectGarbage(cache: ApolloCache): void {
  if (cache instanceof InMemoryCache) cache.gc({ resetResultCache: true });
}

/**
 * Lets go of what is far above in a room that is left, and of everything that nothing refers to any more. A window in
 * the past goes altogether: the room opens at its newest messages again.
 */
export function trimRoom(cache: ApolloCache, roomId: string): void {
  cache.modify<{ messages: StoredWindow }>({
    id: roomCacheId(roomId),
    fields: {
      messages: (window, { DELETE }) => {
        if (isReference(window)) return window;
        return window.pageInfo.hasNextPage ? DELETE : newestPart(window, KEPT_WHEN_LEFT);
      },
    },
  });
  collectGarbage(cache);
}

/** Lets go of the end of a window that its reader is far from; so many messages stay. */
export function boundWindow(cache: ApolloCache, roomId: string, readsAt: "oldest" | "newest", count: number): void {
  const part = readsAt === "oldest" ? oldestPart : newestPart;
  cache.modify<{ messages: StoredWindow }>({
    id: roomCacheId(roomId),
    fields: { messages: (window) => (isReference(window) ? window : part(window, count)) },
  });
}

/** Notes where the pages before a window are asked for from. */
export function setStartCursor(cache: ApolloCache, roomId: string, startCursor: string): void {
  cache.modify<{ messages: StoredWindow }>({
    id: roomCacheId(roomId),
    fields: {
      messages: (window) =>
        isReference(window) ? window : { ...window, pageInfo: { ...window.pageInfo, startCursor } },
    },
  });
}

/**
 * Forgets every room's window and all that was found, for a start from a fresh snapshot: what is on the screen is loaded
 * again. The messages go too, since a database that was put back gives their ids to others.
 */
export function forgetMessages(cache: ApolloCache): void {
  const entities = Object.keys(cache.extract() ?? {});
  cache.batch({
    update: () => {
      for (const id of entities) if (id.startsWith("ChatRoom:")) cache.evict({ id, fieldName: "messages" });
      cache.evict({ fieldName: "searchChatMessages" });
    },
  });
  // After the batch: within one the cache keeps what it remembers of reading.
  collectGarbage(cache);
}
