import { graphql } from "../../gql/gql.js";
import type { RoomFilesQuery } from "../../gql/graphql.js";

/** The files of a room, the newest first. */
export const RoomFiles = graphql(`
  query RoomFiles($query: String!, $roomId: ID!, $after: String) {
    searchChatMessages(query: $query, roomId: $roomId, first: 30, after: $after) {
      edges {
        cursor
        node {
          id
          createdAt
          isDeleted
          user {
            id
            chatDisplayName
          }
          attachment {
            ...AttachmentFields @unmask
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type RoomFile = RoomFilesQuery["searchChatMessages"]["edges"][number]["node"];

/** The kind of a room's newest message: a new file asks for the list anew. */
export const NewestMessage = graphql(`
  fragment NewestMessage on ChatRoom {
    lastMessage {
      id
      type
    }
  }
`);
