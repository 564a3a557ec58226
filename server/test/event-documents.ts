/** Everything that an event has, as two subscriptions, and what tests look at first. */
type Fields = Readonly<Record<string, unknown>>;

const eventOf = ({ message = "", activity = "", reaction = "" }): string => {
  const ofMessage = `id content user { id } clientMutationId isEdited isDeleted mentions { id } ${message}`;
  const ofActivity = `id updatedAt ${activity}`;
  return `__typename cursor seq
  ... on ChatSubscriptionReady { heads { roomId cursor seq } }
  ... on ChatMessageSent { message { ${ofMessage} } activity: room { ${ofActivity} } }
  ... on ChatMessageEdited { message { ${ofMessage} room { id } } }
  ... on ChatMessageDeleted { roomId messageId lastMessage { id } }
  ... on ChatReactionAdded { roomId messageId reaction { id emoji user { id } ${reaction} } group { emoji count } }
  ... on ChatReactionRemoved { roomId messageId reaction { emoji user { id } } group { emoji count } }
  ... on ChatParticipantAdded { roomId participant { id user { id } } owner { id } activity: room { ${ofActivity} } }
  ... on ChatParticipantRemoved { roomId participant { id user { id } } owner { id } activity: room { ${ofActivity} } }
  ... on ChatRoomChanged { room { id name } }
  ... on ChatRoomDeleted { roomId }
  ... on ChatRoomRead { roomId userId lastReadAt lastReadMessageId unread { headSeq unreadCount unreadMentionCount } }
  ... on ChatTypingChanged { roomId isTyping user { id } }
  ... on ChatPresenceChanged { user { id chatPresence } }
  ... on ChatUserChanged { user { id chatDisplayName } }`;
};
const roomEvents = (event: string): string =>
  `subscription ($roomId: ID!, $after: String) { chatRoomEvents(roomId: $roomId, after: $after) { ${event} } }`;
const allEvents = (event: string): string => `subscription ($after: [String!]) { chatEvents(after: $after) { ${event}
  ... on ChatRoomJoined { room { id headCursor participants { user { id } } } } ... on ChatRoomLeft { roomId } } }`;

/** What is the same for everybody in a room. */
export const EVENT = eventOf({});
export const ROOM_EVENTS = roomEvents(EVENT);
export const ALL_EVENTS = allEvents(EVENT);

/** The same, and what is read for each. */
export const EVENT_FOR_EACH = eventOf({
  message: "reactionGroups { emoji count }",
  activity: "lastMessage { id }",
  reaction: "message { id }",
});
export const ROOM_EVENTS_FOR_EACH = roomEvents(EVENT_FOR_EACH);
export const ALL_EVENTS_FOR_EACH = allEvents(EVENT_FOR_EACH);

/** The kinds of events, in order. */
export const names = (events: readonly Fields[]) => events.map((event) => event.__typename);
/** Those that are numbered and kept. */
export const durable = (events: readonly Fields[]) =>
  events.filter((event) => event.seq !== null && event.__typename !== "ChatSubscriptionReady");
