import { graphql } from "../../gql/gql.js";

/**
 * What moves with every event of a room. These fields belong together: the counts and the last
 * message are those of `headSeq`, so whoever asks for one of them asks for this fragment.
 */
export const RoomHead = graphql(`
  fragment RoomHead on ChatRoom {
    id
    headCursor
    headSeq
    unreadCount
    unreadMentionCount
    updatedAt
    lastMessage {
      id
      content
      type
      createdAt
      attachment {
        name
      }
      user {
        id
        chatDisplayName
      }
      mentions {
        id
        chatUsername
        chatDisplayName
      }
    }
  }
`);

/** People in a room, with what presence, receipts and the unread divider need. */
export const RoomPeople = graphql(`
  fragment RoomPeople on ChatRoom {
    id
    name
    type
    displayName
    owner {
      id
    }
    participants {
      id
      joinedAt
      lastReadAt
      lastReadMessageId
      user {
        id
        chatUsername
        chatDisplayName
        chatPresence
      }
    }
  }
`);

/** A room as the shell holds it; one that is joined later comes with exactly the same fields. */
export const RoomSummary = graphql(`
  fragment RoomSummary on ChatRoom {
    id
    createdAt
    project {
      id
      chatName
    }
    ...RoomPeople
    ...RoomHead
    ...RoomListItem
  }
`);
