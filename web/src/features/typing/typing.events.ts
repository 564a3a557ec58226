import type { ApolloCache } from "@apollo/client/cache";
import type { Effect, Viewer } from "../events/effect.js";
import type { EventOf } from "../events/chat-events.graphql.js";
import { setTyping } from "./typing.cache.js";

/** Someone began or stopped typing. One's own typing, from another tab, is not shown. */
export function applyTyping(
  cache: ApolloCache,
  event: EventOf<"ChatTypingChanged">,
  viewer: Viewer,
): readonly Effect[] {
  if (event.user.id !== viewer.id) setTyping(cache, event.roomId, event.user, event.isTyping);
  return [];
}
