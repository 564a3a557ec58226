import type { Unmasked } from "@apollo/client/masking";
import { graphql } from "../../gql/gql.js";
import type { ChatEventsSubscription } from "../../gql/graphql.js";

/** A message as events and answers carry it: only what is the same for every participant, and its author's key. */
export const EventMessage = graphql(`
  fragment EventMessage on ChatMessage {
    id
    content
    type
    createdAt
    updatedAt
    isEdited
    editedAt
    isDeleted
    clientMutationId
    user {
      id
      chatUsername
      chatDisplayName
    }
    mentions {
      id
      chatUsername
      chatDisplayName
    }
    attachment {
      ...AttachmentFields @unmask
    }
  }
`);

/**
 * Everything that can happen to the viewer, on one subscription. It selects no field that differs
 * between the participants of a room (their unread counts, a direct room's name), so that the server
 * can make an event's bytes once for all of them. RoomJoined is the viewer's own and may.
 */
export const ChatEvents = graphql(`
  subscription ChatEvents($after: [String!]) {
    chatEvents(after: $after) {
      __typename
      cursor
      seq
      ... on ChatSubscriptionReady {
        heads {
          roomId
          cursor
          seq
        }
      }
      ... on ChatMessageSent {
        message {
          ...EventMessage @unmask
        }
        room {
          id
          updatedAt
        }
      }
      ... on ChatMessageEdited {
        message {
          ...EventMessage @unmask
          room {
            id
          }
        }
      }
      ... on ChatMessageDeleted {
        roomId
        messageId
        lastMessage {
          ...EventMessage @unmask
        }
      }
      ... on ChatReactionAdded {
        roomId
        messageId
        reaction {
          id
          emoji
          user {
            id
            chatDisplayName
          }
        }
        group {
          emoji
          count
        }
      }
      ... on ChatReactionRemoved {
        roomId
        messageId
        reaction {
          id
          emoji
          user {
            id
            chatDisplayName
          }
        }
        group {
          emoji
          count
        }
      }
      ... on ChatParticipantAdded {
        roomId
        participant {
          ...EventParticipant @unmask
        }
        owner {
          id
        }
        room {
          id
          updatedAt
        }
      }
      ... on ChatParticipantRemoved {
        roomId
        participant {
          ...EventParticipant @unmask
        }
        owner {
          id
        }
        room {
          id
          updatedAt
        }
      }
      ... on ChatRoomChanged {
        room {
          id
          name
          type
          updatedAt
        }
      }
      ... on ChatRoomDeleted {
        roomId
      }
      ... on ChatRoomJoined {
        room {
          ...RoomSummary @unmask
        }
      }
      ... on ChatRoomLeft {
        roomId
      }
      ... on ChatRoomRead {
        roomId
        userId
        lastReadAt
        lastReadMessageId
        unread {
          headSeq
          unreadCount
          unreadMentionCount
        }
      }
      ... on ChatTypingChanged {
        roomId
        isTyping
        user {
          id
          chatDisplayName
        }
      }
      ... on ChatPresenceChanged {
        user {
          id
          chatPresence
        }
      }
      ... on ChatUserChanged {
        user {
          id
          chatUsername
          chatDisplayName
        }
      }
    }
  }
`);

export const EventParticipant = graphql(`
  fragment EventParticipant on ChatParticipant {
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
`);

/** The closed union of events, as the subscription above selects them. */
export type ChatEvent = Unmasked<ChatEventsSubscription>["chatEvents"];
/** One kind of event by its name. */
export type EventOf<Kind extends ChatEvent["__typename"]> = Extract<ChatEvent, { __typename: Kind }>;
