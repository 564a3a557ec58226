import { isReference } from "@apollo/client/utilities";
import type { ApolloCache, Reference } from "@apollo/client/cache";
import type { Unmasked } from "@apollo/client/masking";
import { graphql } from "../../gql/gql.js";
import type { ChatRoomType, RoomSummaryFragment } from "../../gql/graphql.js";
import { RoomSummary } from "./room.fragments.js";

/** The cache's own id of a room. */
export function roomCacheId(roomId: string): string {
  return `ChatRoom:${roomId}`;
}

const HeadSeq = graphql(`
  fragment HeadSeq on ChatRoom {
    headSeq
    unreadCount
    unreadMentionCount
  }
`);

const RoomIdentity = graphql(`
  fragment RoomIdentity on ChatRoom {
    type
    displayName
  }
`);

/** Counts of a room as the cache has them, or null when it does not know the room. */
export function readCounts(
  cache: ApolloCache,
  roomId: string,
): { readonly headSeq: number; readonly unreadCount: number; readonly unreadMentionCount: number } | null {
  return cache.readFragment({ id: roomCacheId(roomId), fragment: HeadSeq });
}

/** What a room is and the name it is shown under, or null when the cache does not know the room. */
export function readRoom(
  cache: ApolloCache,
  roomId: string,
): { readonly type: ChatRoomType; readonly displayName: string } | null {
  return cache.readFragment({ id: roomCacheId(roomId), fragment: RoomIdentity });
}

/** Marks that an event of the room was seen: the cache is now as of `seq`. Never backwards. */
export function advanceHead(cache: ApolloCache, roomId: string, seq: number | null): void {
  if (seq === null) return;
  cache.modify<{ headSeq: number }>({
    id: roomCacheId(roomId),
    fields: { headSeq: (known) => Math.max(known, seq) },
  });
}

interface StoredRooms {
  readonly edges: readonly { readonly __typename: "ChatRoomEdge"; readonly cursor: string; readonly node: Reference }[];
}

/** Writes a room with everything the shell shows of it, and puts it into the list if it is not there. */
export function putRoom(cache: ApolloCache, room: Unmasked<RoomSummaryFragment>): void {
  const ref = cache.writeFragment({
    id: roomCacheId(room.id),
    fragment: RoomSummary,
    fragmentName: "RoomSummary",
    data: room,
  });
  if (!ref) return;
  cache.modify<{ chatRooms: StoredRooms }>({
    fields: {
      chatRooms: (rooms) => {
        if (isReference(rooms) || rooms.edges.some((edge) => edge.node.__ref === ref.__ref)) return rooms;
        return { ...rooms, edges: [...rooms.edges, { __typename: "ChatRoomEdge", cursor: "", node: ref }] };
      },
    },
  });
}

/** Takes a room out of the list and forgets what was in it. */
export function dropRoom(cache: ApolloCache, roomId: string): void {
  const id = roomCacheId(roomId);
  cache.modify<{ chatRooms: StoredRooms }>({
    fields: {
      chatRooms: (rooms) =>
        isReference(rooms) ? rooms : { ...rooms, edges: rooms.edges.filter((edge) => edge.node.__ref !== id) },
    },
  });
  cache.evict({ id });
}
