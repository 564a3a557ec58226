import type { ApolloCache } from "@apollo/client/cache";
import { graphql } from "../../gql/gql.js";
import { roomCacheId } from "../rooms/room.cache.js";

/** Who is typing in a room. Lives in the cache alone. */
export const RoomTyping = graphql(`
  fragment RoomTyping on ChatRoom {
    id
    typingUsers @client {
      id
      chatDisplayName
    }
  }
`);

interface TypingUser {
  readonly __typename: "User";
  readonly id: string;
  readonly chatDisplayName: string | null;
}

/** Puts someone on a room's typing line, or takes them off it. */
export function setTyping(cache: ApolloCache, roomId: string, user: TypingUser, isTyping: boolean): void {
  const id = roomCacheId(roomId);
  const room = cache.readFragment({ id, fragment: RoomTyping });
  if (!room || room.typingUsers.some((each) => each.id === user.id) === isTyping) return;
  const others = room.typingUsers.filter((each) => each.id !== user.id);
  const { __typename, chatDisplayName } = user;
  const typingUsers = isTyping ? [...others, { __typename, id: user.id, chatDisplayName }] : others;
  cache.writeFragment({ id, fragment: RoomTyping, data: { ...room, typingUsers } });
}
