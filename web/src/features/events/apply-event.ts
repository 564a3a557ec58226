import type { ApolloCache } from "@apollo/client/cache";
import { applyDeleted, applyEdited, applySent } from "../messages/message.events.js";
import { applyPresence, applyUserChanged } from "../presence/presence.events.js";
import { applyReactionEvent } from "../reactions/reaction.events.js";
import { applyRead } from "../receipts/receipt.events.js";
import {
  applyParticipantAdded,
  applyParticipantRemoved,
  applyRoomChanged,
  applyRoomGone,
  applyRoomJoined,
} from "../rooms/room.events.js";
import { applyTyping } from "../typing/typing.events.js";
import type { ChatEvent } from "./chat-events.graphql.js";
import type { Effect, Viewer } from "./effect.js";
import { unknownEvent } from "./cursors.js";

/**
 * The one door through which events reach the cache. Deterministic, and applying an event twice, or one
 * that a snapshot already held, changes nothing: events carry absolute values, and counts are kept by seq.
 */
export function applyEvent(cache: ApolloCache, event: ChatEvent, viewer: Viewer): readonly Effect[] {
  switch (event.__typename) {
    case "ChatSubscriptionReady":
      return [];
    case "ChatMessageSent":
      return applySent(cache, event, viewer);
    case "ChatMessageEdited":
      return applyEdited(cache, event, viewer);
    case "ChatMessageDeleted":
      return applyDeleted(cache, event);
    case "ChatReactionAdded":
    case "ChatReactionRemoved":
      return applyReactionEvent(cache, event, viewer);
    case "ChatParticipantAdded":
      return applyParticipantAdded(cache, event);
    case "ChatParticipantRemoved":
      return applyParticipantRemoved(cache, event, viewer);
    case "ChatRoomChanged":
      return applyRoomChanged(cache, event);
    case "ChatRoomDeleted":
      return applyRoomGone(cache, event.roomId, "deleted");
    case "ChatRoomJoined":
      return applyRoomJoined(cache, event);
    case "ChatRoomLeft":
      return applyRoomGone(cache, event.roomId, "removed");
    case "ChatRoomRead":
      return applyRead(cache, event, viewer);
    case "ChatTypingChanged":
      return applyTyping(cache, event, viewer);
    case "ChatPresenceChanged":
      return applyPresence(cache, event);
    case "ChatUserChanged":
      return applyUserChanged(cache, event);
    default:
      return unknownEvent(event) ?? [];
  }
}
