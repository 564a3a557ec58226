import { graphql } from "../gql/gql.js";

/** Everything the shell shows, in one answer: who one is, the projects, the rooms (100 a page). */
export const Shell = graphql(`
  query Shell($after: String) {
    chatViewer {
      id
      chatUsername
      chatDisplayName
    }
    chatProjects {
      id
      chatName
    }
    chatRooms(first: 100, after: $after) {
      headCursor
      edges {
        cursor
        node {
          id
          updatedAt
          type
          unreadCount
          unreadMentionCount
          project {
            id
          }
          ...RoomListItem
          ...RoomSummary
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** The rooms above a place in the list that have come there since it was read. */
export const RoomsAbove = graphql(`
  query RoomsAbove($before: String!) {
    chatRooms(last: 100, before: $before) {
      edges {
        cursor
        node {
          id
          ...RoomListItem
          ...RoomSummary
        }
      }
      pageInfo {
        hasPreviousPage
        startCursor
      }
    }
  }
`);

/** One room's counts and last message, when only the server knows them. */
export const RoomCounts = graphql(`
  query RoomCounts($roomId: ID!) {
    chatRoom(id: $roomId) {
      id
      ...RoomHead
    }
  }
`);

/** Who is online, after a time in which nobody told. */
export const Presences = graphql(`
  query Presences {
    chatProjects {
      id
      chatMembers(first: 100) {
        nodes {
          id
          chatPresence
        }
      }
    }
  }
`);
