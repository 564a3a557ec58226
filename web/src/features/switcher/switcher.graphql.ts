import { graphql } from "../../gql/gql.js";

/** The rooms as the switcher lists them. The shell has asked for all of this already: the cache answers. */
export const SwitcherRooms = graphql(`
  query SwitcherRooms {
    chatRooms(first: 100) {
      edges {
        node {
          id
          type
          displayName
          unreadCount
          unreadMentionCount
          updatedAt
          project {
            id
            chatName
          }
          participants {
            id
            user {
              id
              chatUsername
            }
          }
        }
      }
    }
  }
`);
