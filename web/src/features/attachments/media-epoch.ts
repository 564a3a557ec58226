import { useFragment } from "@apollo/client/react";
import type { ApolloCache } from "@apollo/client/cache";
import { graphql } from "../../gql/gql.js";

/** Since when the addresses of a room's files hold. Lives in the cache alone. */
export const RoomMedia = graphql(`
  fragment RoomMedia on ChatRoom {
    id
    mediaEpoch @client
  }
`);

/** Notes that all addresses of a room's files from before have ended: somebody was removed by the event `seq`. */
export function endAddresses(cache: ApolloCache, roomId: string, seq: number | null): void {
  if (seq === null) return;
  const id = `ChatRoom:${roomId}`;
  const known = cache.readFragment({ id, fragment: RoomMedia });
  if (!known || known.mediaEpoch >= seq) return;
  cache.writeFragment({ id, fragment: RoomMedia, data: { ...known, mediaEpoch: seq } });
}

/** Changes when the addresses of the room's files have ended. */
export function useMediaEpoch(roomId: string): number {
  const { data } = useFragment({ fragment: RoomMedia, from: `ChatRoom:${roomId}` });
  return data.mediaEpoch ?? 0;
}
