import type { ApolloCache } from "@apollo/client/cache";
import type { Effect, Viewer } from "../events/effect.js";
import type { EventOf } from "../events/chat-events.graphql.js";
import { advanceHead, readCounts } from "../rooms/room.cache.js";
import { moveReadPosition, setCounts } from "./receipt.cache.js";

/** Someone has read further. For the viewer it comes with the counts, as of a point in the room's stream. */
export function applyRead(cache: ApolloCache, event: EventOf<"ChatRoomRead">, viewer: Viewer): readonly Effect[] {
  const { roomId, userId, unread } = event;
  moveReadPosition(cache, roomId, userId, { at: event.lastReadAt, messageId: event.lastReadMessageId });
  if (userId !== viewer.id || !unread) return [];
  const known = readCounts(cache, roomId);
  if (!known) return [];
  // Counts from before what was already applied can't be brought up to date here.
  if (unread.headSeq < known.headSeq) return [{ kind: "recount", roomId }];
  setCounts(cache, roomId, unread);
  advanceHead(cache, roomId, unread.headSeq);
  return [];
}
