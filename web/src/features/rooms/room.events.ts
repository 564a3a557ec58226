import type { ApolloCache } from "@apollo/client/cache";
import { endAddresses } from "../attachments/media-epoch.js";
import type { Effect, Viewer } from "../events/effect.js";
import type { ChatEvent, EventOf } from "../events/chat-events.graphql.js";
import { graphql } from "../../gql/gql.js";
import { advanceHead, dropRoom, putRoom, readCounts, readRoom, roomCacheId } from "./room.cache.js";

const RoomMembers = graphql(`
  fragment RoomMembers on ChatRoom {
    updatedAt
    owner {
      id
    }
    participants {
      ...EventParticipant @unmask
    }
  }
`);

type MembersEvent = EventOf<"ChatParticipantAdded"> | EventOf<"ChatParticipantRemoved">;

function updateMembers(cache: ApolloCache, event: MembersEvent, isMember: boolean): void {
  const id = roomCacheId(event.roomId);
  cache.updateFragment({ id, fragment: RoomMembers, fragmentName: "RoomMembers" }, (room) => {
    if (!room) return null;
    const others = room.participants.filter((participant) => participant.id !== event.participant.id);
    return {
      ...room,
      updatedAt: event.room.updatedAt,
      owner: event.owner,
      participants: isMember ? [...others, event.participant] : others,
    };
  });
  advanceHead(cache, event.roomId, event.seq);
}

/** Someone came into a room. */
export function applyParticipantAdded(cache: ApolloCache, event: EventOf<"ChatParticipantAdded">): readonly Effect[] {
  updateMembers(cache, event, true);
  return [];
}

/** Whether the viewer's own participation ends with this event. */
export function isOwnRemoval(event: ChatEvent, viewer: Viewer): boolean {
  return event.__typename === "ChatParticipantRemoved" && event.participant.user.id === viewer.id;
}

/** A removal that what is shown of the room knows of: the viewer has come back since. */
function isHistory(cache: ApolloCache, event: EventOf<"ChatParticipantRemoved">): boolean {
  return event.seq !== null && event.seq <= (readCounts(cache, event.roomId)?.headSeq ?? 0);
}

/** Someone left or was removed; when it was the viewer, the room is gone. */
export function applyParticipantRemoved(
  cache: ApolloCache,
  event: EventOf<"ChatParticipantRemoved">,
  viewer: Viewer,
): readonly Effect[] {
  if (isOwnRemoval(event, viewer)) return isHistory(cache, event) ? [] : applyRoomGone(cache, event.roomId, "removed");
  updateMembers(cache, event, false);
  endAddresses(cache, event.roomId, event.seq);
  return [];
}

/** A room was renamed. A group is shown under its name; a direct room under the other's, which does not change here. */
export function applyRoomChanged(cache: ApolloCache, event: EventOf<"ChatRoomChanged">): readonly Effect[] {
  const { room } = event;
  cache.modify<{ name: string; displayName: string; updatedAt: string }>({
    id: roomCacheId(room.id),
    fields: {
      name: () => room.name,
      displayName: (shown) => (room.type === "GROUP" ? room.name : shown),
      updatedAt: () => room.updatedAt,
    },
  });
  advanceHead(cache, room.id, event.seq);
  return [];
}

/** The viewer was added to a room. A room that is known already, and newer, is left alone. */
export function applyRoomJoined(cache: ApolloCache, event: EventOf<"ChatRoomJoined">): readonly Effect[] {
  const known = readCounts(cache, event.room.id);
  if (!known || known.headSeq <= event.room.headSeq) putRoom(cache, event.room);
  return [];
}

/** The viewer has lost a room. Told once, however many events say so. */
export function applyRoomGone(cache: ApolloCache, roomId: string, reason: "removed" | "deleted"): readonly Effect[] {
  const name = readRoom(cache, roomId)?.displayName ?? null;
  dropRoom(cache, roomId);
  return name === null ? [] : [{ kind: "roomGone", roomId, name, reason }];
}
