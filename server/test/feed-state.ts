/** What a client keeps, and the pure function that takes it from one event to the next: the contract of the events. */

export interface PersonState {
  readonly id: string;
  readonly chatUsername: string | null;
  readonly chatDisplayName: string | null;
  readonly chatPresence: string | null;
}

export interface ParticipantState {
  readonly id: string;
  readonly user: PersonState;
  readonly joinedAt: string;
  readonly lastReadAt: string | null;
  readonly lastReadMessageId: string | null;
}

export interface ReactionState {
  readonly id: string;
  readonly emoji: string;
  readonly createdAt: string;
  readonly user: { readonly id: string };
}

export interface MessageState {
  readonly id: string;
  readonly content: string;
  readonly type: string;
  readonly attachment: Readonly<Record<string, unknown>> | null;
  readonly user: { readonly id: string };
  readonly mentions: readonly { readonly id: string }[];
  readonly isEdited: boolean;
  readonly editedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly reactions: readonly ReactionState[];
  readonly reactionGroups: readonly { readonly emoji: string; readonly count: number }[];
}

export interface RoomState {
  readonly id: string;
  readonly name: string;
  readonly updatedAt: string;
  readonly owner: { readonly id: string } | null;
  readonly headSeq: number;
  readonly unreadCount: number;
  readonly unreadMentionCount: number;
  readonly lastMessage: { readonly id: string } | null;
  readonly participants: readonly ParticipantState[];
  readonly messages: { readonly nodes: readonly MessageState[] };
  /** The client's own: as of which seq the counts are, where the server has counted beyond what was heard. */
  readonly countedSeq?: number;
}

export interface State {
  readonly rooms: Readonly<Record<string, RoomState>>;
  /** Who types where, as `room/person`. */
  readonly typing: readonly string[];
}

export interface Event {
  readonly __typename: string;
  readonly seq: number | null;
  readonly [field: string]: unknown;
}

/** Applies one event. One that is in the snapshot already, or comes twice, changes nothing. */
export function applyEvent(state: State, event: Event, viewerId: string): State {
  const e = parseFields(event);
  switch (event.__typename) {
    case "ChatSubscriptionReady":
      return state;
    case "ChatMessageSent":
      return inRoom(state, e.room.id, event, (room, isNews) =>
        isNews ? counted(room, event, sent(room, e.message, e.room, viewerId)) : room,
      );
    case "ChatMessageEdited":
      return inRoomOf(state, e.message.id, event, (room, isNews) =>
        isNews ? counted(room, event, edited(room, e.message, viewerId)) : room,
      );
    case "ChatMessageDeleted":
      return inRoom(state, e.roomId, event, (room, isNews) =>
        isNews ? counted(room, event, deleted(room, e.messageId, e.lastMessage, viewerId)) : room,
      );
    case "ChatReactionAdded":
    case "ChatReactionRemoved":
      return inRoom(state, e.roomId, event, (room, isNews) =>
        isNews ? reacted(room, e, event.__typename === "ChatReactionAdded") : room,
      );
    case "ChatParticipantAdded":
    case "ChatParticipantRemoved":
      if (isOwnEnd(state, event, viewerId)) return withoutRoom(state, e.roomId);
      return inRoom(state, e.roomId, event, (room, isNews) => {
        if (!isNews) return room;
        const others = room.participants.filter(({ id }) => id !== e.participant.id);
        const participants = event.__typename === "ChatParticipantAdded" ? [...others, e.participant] : others;
        return { ...room, participants, owner: e.owner, updatedAt: e.room.updatedAt };
      });
    case "ChatRoomChanged":
      return inRoom(state, e.room.id, event, (room, isNews) => (isNews ? { ...room, ...e.room } : room));
    case "ChatRoomJoined":
      if ((state.rooms[e.room.id]?.headSeq ?? 0) > e.room.headSeq) return state;
      return { ...state, rooms: { ...state.rooms, [e.room.id]: e.room } };
    case "ChatRoomLeft":
    case "ChatRoomDeleted":
      return withoutRoom(state, e.roomId);
    case "ChatRoomRead":
      return inRoom(state, e.roomId, undefined, (room) => read(room, e));
    case "ChatTypingChanged":
      return typing(state, `${e.roomId}/${e.user.id}`, e.isTyping);
    case "ChatPresenceChanged":
    case "ChatUserChanged":
      return eachPerson(state, (person) => (person.id === e.user.id ? { ...person, ...e.user } : person));
    default:
      throw new Error(`${event.__typename} is unknown.`);
  }
}

/** All the fields that events have: which of them are there depends on the type. */
interface Fields {
  readonly roomId: string;
  readonly room: RoomState;
  readonly message: MessageState;
  readonly messageId: string;
  readonly lastMessage: { readonly id: string } | null;
  readonly reaction: ReactionState;
  readonly group: { readonly emoji: string; readonly count: number };
  readonly participant: ParticipantState;
  readonly owner: { readonly id: string } | null;
  readonly userId: string;
  readonly user: PersonState;
  readonly isTyping: boolean;
  readonly lastReadAt: string;
  readonly lastReadMessageId: string | null;
  readonly unread: {
    readonly headSeq: number;
    readonly unreadCount: number;
    readonly unreadMentionCount: number;
  } | null;
}

function parseFields(event: Event): Fields {
  return event as unknown as Fields;
}

/** The viewer's own removal; one that a snapshot knows of already is history: they have come back since. */
export function isOwnEnd(state: State, event: Event, viewerId: string): boolean {
  const { roomId, participant } = parseFields(event);
  if (event.__typename !== "ChatParticipantRemoved" || participant.user.id !== viewerId) return false;
  return (event.seq ?? 0) > (state.rooms[roomId]?.headSeq ?? 0);
}

function withoutRoom(state: State, roomId: string): State {
  return { ...state, rooms: Object.fromEntries(Object.entries(state.rooms).filter(([id]) => id !== roomId)) };
}

type Change = (room: RoomState, isNews: boolean) => RoomState;

/** Numbered events move the room's head; what is not beyond it is in the snapshot already. */
function inRoom(state: State, id: string, event: Event | undefined, change: Change): State {
  const room = state.rooms[id];
  if (room === undefined) return state;
  const seq = event?.seq ?? 0;
  const changed = change(room, seq > room.headSeq);
  return { ...state, rooms: { ...state.rooms, [id]: { ...changed, headSeq: Math.max(room.headSeq, seq) } } };
}

function inRoomOf(state: State, messageId: string, event: Event, change: Change): State {
  const room = Object.values(state.rooms).find(({ messages }) => messages.nodes.some(({ id }) => id === messageId));
  return room === undefined ? state : inRoom(state, room.id, event, change);
}

/** What the server has counted already is not counted again. */
function counted({ unreadCount, unreadMentionCount, countedSeq = 0 }: RoomState, event: Event, room: RoomState) {
  return (event.seq ?? 0) > countedSeq ? room : { ...room, unreadCount, unreadMentionCount };
}

function sent(
  room: RoomState,
  message: MessageState,
  activity: Pick<RoomState, "updatedAt" | "lastMessage">,
  viewerId: string,
): RoomState {
  const isOwn = message.user.id === viewerId;
  const mentioned = mentions(message, viewerId);
  const author = { lastReadAt: message.createdAt, lastReadMessageId: message.id };
  return {
    ...room,
    updatedAt: activity.updatedAt,
    lastMessage: activity.lastMessage,
    // Who writes has read.
    unreadCount: isOwn ? 0 : room.unreadCount + 1,
    unreadMentionCount: isOwn ? 0 : room.unreadMentionCount + mentioned,
    participants: room.participants.map((each) => (each.user.id === message.user.id ? { ...each, ...author } : each)),
    messages: { nodes: [...room.messages.nodes, message] },
  };
}

function edited(room: RoomState, message: MessageState, viewerId: string): RoomState {
  const before = room.messages.nodes.find(({ id }) => id === message.id);
  const more = isUnread(room, message, viewerId) ? mentions(message, viewerId) - mentions(before, viewerId) : 0;
  const nodes = room.messages.nodes.map((each) => (each.id === message.id ? message : each));
  return { ...room, unreadMentionCount: room.unreadMentionCount + more, messages: { nodes } };
}

function deleted(
  room: RoomState,
  messageId: string,
  lastMessage: { readonly id: string } | null,
  viewerId: string,
): RoomState {
  const gone = room.messages.nodes.find(({ id }) => id === messageId);
  const nodes = room.messages.nodes.filter(({ id }) => id !== messageId);
  const counted = gone !== undefined && isUnread(room, gone, viewerId);
  const before = nodes.findLast(({ id }) => Number(id) < Number(messageId))?.id ?? null;
  return {
    ...room,
    lastMessage,
    unreadCount: room.unreadCount - (counted ? 1 : 0),
    unreadMentionCount: room.unreadMentionCount - (counted ? mentions(gone, viewerId) : 0),
    participants: room.participants.map((each) =>
      each.lastReadMessageId === messageId ? { ...each, lastReadMessageId: before } : each,
    ),
    messages: { nodes },
  };
}

function reacted(room: RoomState, { messageId, reaction, group }: Fields, isAdded: boolean): RoomState {
  const nodes = room.messages.nodes.map((message) => {
    if (message.id !== messageId) return message;
    const others = message.reactions.filter(({ id }) => id !== reaction.id);
    const reactions = isAdded ? [...others, reaction] : others;
    const emoji = [...new Set(reactions.map((each) => each.emoji))];
    const counts = new Map([...message.reactionGroups, group].map((each) => [each.emoji, each.count]));
    return {
      ...message,
      reactions,
      reactionGroups: emoji.map((each) => ({ emoji: each, count: counts.get(each) ?? 0 })),
    };
  });
  return { ...room, messages: { nodes } };
}

function read(room: RoomState, { userId, lastReadAt, lastReadMessageId, unread }: Fields): RoomState {
  // It never goes back: what somebody wrote since has moved it, too, and came by another stream.
  const isNews = (at: string | null): boolean => at === null || Date.parse(at) < Date.parse(lastReadAt);
  const participants = room.participants.map((each) =>
    each.user.id === userId && isNews(each.lastReadAt) ? { ...each, lastReadAt, lastReadMessageId } : each,
  );
  if (unread === null || unread.headSeq < room.headSeq) return { ...room, participants };
  const { headSeq: countedSeq, unreadCount, unreadMentionCount } = unread;
  return { ...room, participants, unreadCount, unreadMentionCount, countedSeq };
}

function typing(state: State, key: string, isTyping: boolean): State {
  const others = state.typing.filter((each) => each !== key);
  return { ...state, typing: isTyping ? [...others, key] : others };
}

function eachPerson(state: State, change: (person: PersonState) => PersonState): State {
  const inOne = (room: RoomState): RoomState => ({
    ...room,
    participants: room.participants.map((each) => ({ ...each, user: change(each.user) })),
  });
  return { ...state, rooms: Object.fromEntries(Object.entries(state.rooms).map(([id, room]) => [id, inOne(room)])) };
}

function mentions(message: MessageState | undefined, viewerId: string): number {
  return message !== undefined && message.mentions.some(({ id }) => id === viewerId) ? 1 : 0;
}

function isUnread(room: RoomState, message: MessageState, viewerId: string): boolean {
  const own = room.participants.find(({ user }) => user.id === viewerId);
  return message.user.id !== viewerId && Number(message.id) > Number(own?.lastReadMessageId ?? 0);
}
