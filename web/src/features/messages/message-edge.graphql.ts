import { graphql } from "../../gql/gql.js";
import type { MessageEdgeFragment } from "../../gql/graphql.js";

/** What the feed itself needs of a message to order, group, key and measure it; what is shown is the row's matter. */
export const MessageEdge = graphql(`
  fragment MessageEdge on ChatMessageEdge {
    cursor
    node {
      id
      createdAt
      clientMutationId
      attachment {
        width
        height
      }
      user {
        id
      }
      ...MessageRow
      ...AnnouncedMessage
    }
  }
`);

export type FeedEdge = MessageEdgeFragment;
export type FeedMessage = FeedEdge["node"];

export const MESSAGES_A_PAGE = 50;

/** A page of a room's messages: older, newer, or around one. It joins the room's window in the cache. */
export const MessagesPage = graphql(`
  query MessagesPage($roomId: ID!, $first: Int, $after: String, $last: Int, $before: String, $around: ID) {
    chatRoom(id: $roomId) {
      id
      ...RoomHead
      messages(first: $first, after: $after, last: $last, before: $before, around: $around) {
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
