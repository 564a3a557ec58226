/** Everything that an event has, as two subscriptions, and what tests look at first. */
type Fields = Readonly<Record<string, unknown>>;

const MESSAGE =
  "id content user { id } clientMutationId isEdited isDeleted mentions { id } reactionGroups { emoji count }";
export const EVENT = `__typename cursor seq
  ... on ChatSubscriptionReady { heads { roomId cursor seq } }
  ... on ChatMessageSent { message { ${MESSAGE} } activity: room { id lastMessage { id } updatedAt } }
  ... on ChatMessageEdited { message { ${MESSAGE} room { id } } }
  ... on ChatMessageDeleted { roomId messageId lastMessage { id } }
  ... on ChatReactionAdded { roomId messageId reaction { id emoji user { id } message { id } } group { emoji count } }
  ... on ChatReactionRemoved { roomId messageId reaction { emoji user { id } } group { emoji count } }
  ... on ChatParticipantAdded { roomId participant { id user { id } } owner { id } activity: room { id updatedAt lastMessage { id } } }
  ... on ChatParticipantRemoved { roomId participant { id user { id } } owner { id } activity: room { id updatedAt lastMessage { id } } }
  ... on ChatRoomChanged { room { id name } }
  ... on ChatRoomDeleted { roomId }
  ... on ChatRoomRead { roomId userId lastReadAt lastReadMessageId unread { headSeq unreadCount unreadMentionCount } }
  ... on ChatTypingChanged { roomId isTyping user { id } }
  ... on ChatPresenceChanged { user { id chatPresence } }
  ... on ChatUserChanged { user { id chatDisplayName } }`;
export const ROOM_EVENTS = `subscription ($roomId: ID!, $after: String) { chatRoomEvents(roomId: $roomId, after: $after) { ${EVENT} } }`;
export const ALL_EVENTS = `subscription ($after: [String!]) { chatEvents(after: $after) { ${EVENT}
  ... on ChatRoomJoined { room { id headCursor participants { user { id } } } } ... on ChatRoomLeft { roomId } } }`;

/** The kinds of events, in order. */
export const names = (events: readonly Fields[]) => events.map((event) => event.__typename);
/** Those that are numbered and kept. */
export const durable = (events: readonly Fields[]) =>
  events.filter((event) => event.seq !== null && event.__typename !== "ChatSubscriptionReady");
