import { graphql } from "../../gql/gql.js";

/** An open room with its newest messages. */
export const RoomPageQuery = graphql(`
  query RoomPage($roomId: ID!) {
    chatRoom(id: $roomId) {
      id
      unreadCount
      ...RoomSummary
      ...RoomHeader
      ...MembersPanel
      messages(last: 50) {
        edges {
          ...MessageEdge @unmask
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  }
`);
