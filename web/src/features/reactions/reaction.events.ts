import type { ApolloCache } from "@apollo/client/cache";
import type { Effect, Viewer } from "../events/effect.js";
import type { ChatEvent, EventOf } from "../events/chat-events.graphql.js";
import { advanceHead } from "../rooms/room.cache.js";
import { updateReactions } from "./reaction.cache.js";

/** Whether an event tells of the viewer's own use of an emoji on a message. */
export function isOwnReaction(
  event: ChatEvent,
  viewerId: string,
  to: { readonly messageId: string; readonly emoji: string },
): boolean {
  const isReaction = event.__typename === "ChatReactionAdded" || event.__typename === "ChatReactionRemoved";
  if (!isReaction || event.messageId !== to.messageId) return false;
  return event.reaction.user.id === viewerId && event.group.emoji === to.emoji;
}

/** A reaction came or went. The event tells the count as it is now. */
export function applyReactionEvent(
  cache: ApolloCache,
  event: EventOf<"ChatReactionAdded"> | EventOf<"ChatReactionRemoved">,
  viewer: Viewer,
): readonly Effect[] {
  updateReactions(cache, event.messageId, {
    emoji: event.group.emoji,
    count: event.group.count,
    isAdded: event.__typename === "ChatReactionAdded",
    user: event.reaction.user,
    isViewer: event.reaction.user.id === viewer.id,
  });
  advanceHead(cache, event.roomId, event.seq);
  return [];
}
