/** What the web client asks for, so that the benchmark measures what people's browsers cost. */

const MESSAGE = `
  fragment M on ChatMessage {
    id content type createdAt updatedAt isEdited editedAt isDeleted clientMutationId
    user { id chatUsername chatDisplayName }
    mentions { id }
  }`;

const PARTICIPANT = `
  fragment P on ChatParticipant {
    id joinedAt lastReadAt lastReadMessageId
    user { id chatUsername chatDisplayName chatPresence }
  }`;

const ROOM_EVENTS = `
  __typename cursor seq
  ... on ChatSubscriptionReady { heads { roomId cursor seq } }
  ... on ChatMessageSent { message { ...M } room { id updatedAt } }
  ... on ChatMessageEdited { message { ...M room { id } } }
  ... on ChatMessageDeleted { roomId messageId lastMessage { ...M } }
  ... on ChatReactionAdded { roomId messageId reaction { id emoji user { id chatDisplayName } } group { emoji count } }
  ... on ChatReactionRemoved { roomId messageId reaction { id emoji user { id chatDisplayName } } group { emoji count } }
  ... on ChatParticipantAdded { roomId participant { ...P } owner { id } room { id updatedAt } }
  ... on ChatParticipantRemoved { roomId participant { ...P } owner { id } room { id updatedAt } }
  ... on ChatRoomChanged { room { id name type updatedAt } }
  ... on ChatRoomDeleted { roomId }
  ... on ChatRoomRead { roomId userId lastReadAt lastReadMessageId unread { headSeq unreadCount unreadMentionCount } }
  ... on ChatTypingChanged { roomId isTyping user { id chatDisplayName } }
  ... on ChatPresenceChanged { user { id chatPresence } }
  ... on ChatUserChanged { user { id chatUsername chatDisplayName } }`;

const VIEWER_EVENTS = `
  ... on ChatRoomJoined { room { id name type displayName unreadCount headCursor headSeq } }
  ... on ChatRoomLeft { roomId }`;

/** The subscriptions whose events are measured. */
export type EventField = "chatRoomEvents" | "chatEvents";
/** The ways of following a room: a subscription, one whose id is its own alone, or the raw WebSocket. */
export type FollowedBy = EventField | "chatEvents by UUID" | "raw";

export const subscriptions: Readonly<Record<EventField, string>> = {
  chatRoomEvents: `subscription Events($roomId: ID!, $after: String) { chatRoomEvents(roomId: $roomId, after: $after) { ${ROOM_EVENTS} } } ${MESSAGE} ${PARTICIPANT}`,
  chatEvents: `subscription Events($after: [String!]) { chatEvents(after: $after) { ${ROOM_EVENTS} ${VIEWER_EVENTS} } } ${MESSAGE} ${PARTICIPANT}`,
};

export const SEND = `
  mutation Send($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }`;

/** A page of 50 messages with their authors, reactions and who reacted. */
export const HISTORY = `
  query History($roomId: ID!) {
    chatRoom(id: $roomId) {
      id
      messages(last: 50) {
        edges {
          cursor
          node {
            id content type createdAt isEdited editedAt clientMutationId
            user { id chatDisplayName }
            reactionGroups { emoji count viewerHasReacted users(first: 10) { id chatDisplayName } }
          }
        }
      }
    }
  }`;

/** The room list, a hundred a page. */
export const ROOMS = `
  query Rooms($after: String) {
    chatRooms(first: 100, after: $after) {
      headCursor
      edges {
        cursor
        node {
          id name type displayName createdAt updatedAt headCursor headSeq unreadCount unreadMentionCount
          project { id chatName }
          owner { id }
          lastMessage { id content type createdAt user { id chatDisplayName } }
          participants { id joinedAt lastReadAt lastReadMessageId user { id chatUsername chatDisplayName chatPresence } }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`;

/** A page of what was found, as the web client shows it. */
export const SEARCH = `
  query Search($query: String!, $roomId: ID, $first: Int) {
    searchChatMessages(query: $query, roomId: $roomId, first: $first) {
      edges {
        cursor
        highlights { text isMatch }
        node { id createdAt user { id chatDisplayName } room { id displayName } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`;
