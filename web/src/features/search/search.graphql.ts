import { graphql } from "../../gql/gql.js";
import type { SearchMessagesQuery } from "../../gql/graphql.js";

/** A page of what was found, with what a result shows. */
export const SearchMessages = graphql(`
  query SearchMessages($query: String!, $roomId: ID, $after: String) {
    searchChatMessages(query: $query, roomId: $roomId, first: 20, after: $after) {
      edges {
        cursor
        highlights {
          text
          isMatch
        }
        nameHighlights {
          text
          isMatch
        }
        node {
          id
          createdAt
          isDeleted
          content
          mentions {
            id
            chatUsername
            chatDisplayName
          }
          room {
            id
            displayName
          }
          user {
            id
            chatDisplayName
          }
          attachment {
            name
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

export type FoundMessage = SearchMessagesQuery["searchChatMessages"]["edges"][number];
