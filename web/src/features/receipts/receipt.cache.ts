import type { ApolloCache } from "@apollo/client/cache";
import { graphql } from "../../gql/gql.js";
import { roomCacheId } from "../rooms/room.cache.js";

const ReadPositions = graphql(`
  fragment ReadPositions on ChatRoom {
    participants {
      id
      joinedAt
      lastReadAt
      lastReadMessageId
      user {
        id
      }
    }
  }
`);

export interface UnreadCounts {
  readonly unreadCount: number;
  readonly unreadMentionCount: number;
}

/** Writes both unread counts of a room that the cache knows. */
export function setCounts(cache: ApolloCache, roomId: string, counts: UnreadCounts): void {
  cache.modify<{ unreadCount: number; unreadMentionCount: number }>({
    id: roomCacheId(roomId),
    fields: { unreadCount: () => counts.unreadCount, unreadMentionCount: () => counts.unreadMentionCount },
  });
}

/** Moves how far someone has read, never backwards. */
export function moveReadPosition(
  cache: ApolloCache,
  roomId: string,
  userId: string,
  to: { readonly at: string; readonly messageId: string | null },
): void {
  const room = cache.readFragment({ id: roomCacheId(roomId), fragment: ReadPositions });
  const participant = room?.participants.find((each) => each.user.id === userId);
  if (!participant) return;
  if (participant.lastReadAt !== null && Date.parse(participant.lastReadAt) >= Date.parse(to.at)) return;
  cache.modify<{ lastReadAt: string | null; lastReadMessageId: string | null }>({
    id: `ChatParticipant:${participant.id}`,
    fields: { lastReadAt: () => to.at, lastReadMessageId: (known) => to.messageId ?? known },
  });
}

/** How far somebody has read; both null: not at all. */
export interface LastRead {
  readonly at: string | null;
  readonly messageId: string | null;
}

/**
 * How far someone has read in a room, as the cache knows. What was there before they came is not unread: then a message is
 * named that they have never seen. Where none is, all that the room holds is unread.
 */
export function readLastRead(cache: ApolloCache, roomId: string, userId: string): LastRead | null {
  const room = cache.readFragment({ id: roomCacheId(roomId), fragment: ReadPositions });
  const participant = room?.participants.find((each) => each.user.id === userId);
  if (!participant) return null;
  const { joinedAt, lastReadAt, lastReadMessageId: messageId } = participant;
  return { at: lastReadAt ?? (messageId === null ? null : joinedAt), messageId };
}
