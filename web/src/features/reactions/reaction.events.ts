import type { ApolloCache } from "@apollo/client/cache";
import type { Effect, Viewer } from "../events/effect.js";
import type { ChatEvent, EventOf } from "../events/chat-events.graphql.js";
import { advanceHead } from "../rooms/room.cache.js";
import { updateReactions } from "./reaction.cache.js";

/** The viewer's own use of an emoji on a message that an event tells of, as `messageId emoji`; null for anything else. */
export function ownReactionOf(event: ChatEvent, viewer: Viewer): string | null {
  if (event.__typename !== "ChatReactionAdded" && event.__typename !== "ChatReactionRemoved") return null;
  return event.reaction.user.id === viewer.id ? `${event.messageId} ${event.group.emoji}` : null;
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
