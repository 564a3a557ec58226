/** The ids that an operation may be asked with: those of one room and what is in it, or of nothing that ever was. */
export interface Ids {
  readonly room: string;
  readonly message: string;
  readonly reaction: string;
  readonly participant: string;
  readonly user: string;
  readonly project: string;
  /** A position in the room's stream. */
  readonly cursor: string;
}

/** Somebody's own, to ask about what is hidden from within what is not. */
export type OwnIds = Pick<Ids, "room" | "project" | "user">;

export interface Row {
  readonly document: string;
  readonly variables: (hidden: Ids, own: OwnIds) => Readonly<Record<string, unknown>>;
  /** People and projects are known to those who share a project: such a row hides only from those who don't. */
  readonly knownInProject?: true;
  /** To a participant who is neither the room's owner nor the message's author it is refused with FORBIDDEN. */
  readonly ownersAlone?: true;
}

const MESSAGE =
  "id content room { id name } user { id chatDisplayName } reactions { id } reactionGroups { emoji } mentions { id }";
const ROOM = `id name displayName unreadCount headCursor project { id } participants { id user { id } } owner { id }
  lastMessage { ${MESSAGE} } messages { nodes { ${MESSAGE} } }`;
const EVENT = `__typename cursor seq ... on ChatMessageSent { message { ${MESSAGE} } }`;

const mutation = (name: string, variables: Row["variables"]): Row => ({
  document: `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename } }`,
  variables: (hidden, own) => ({ input: variables(hidden, own) }),
});

const ownersAlone = (row: Row): Row => ({ ...row, ownersAlone: true });

const entity = (type: string, fields: string, id: (hidden: Ids) => string): Row => ({
  document: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${fields} } } }`,
  variables: (hidden) => ({ of: [{ __typename: type, id: id(hidden) }] }),
});

/**
 * Every operation, every field that takes an id or a position, and every entity; what is in brackets after the name tells rows of
 * one operation apart. `access.test.ts` fails for an operation that has no row here.
 */
export const rows: Readonly<Record<string, Row>> = {
  "Query.chatViewer": { document: "{ chatViewer { id } }", variables: () => ({}) },
  "Query.chatProjects": { document: "{ chatProjects { id } }", variables: () => ({}), knownInProject: true },
  "Query.chatRoom": {
    document: `query ($id: ID!) { chatRoom(id: $id) { ${ROOM} } }`,
    variables: ({ room }) => ({ id: room }),
  },
  "Query.chatMessage": {
    document: `query ($id: ID!) { chatMessage(id: $id) { ${MESSAGE} } }`,
    variables: ({ message }) => ({ id: message }),
  },
  "Query.chatRooms": {
    document: `query ($id: ID!) { chatRooms(projectId: $id, first: 5) { nodes { ${ROOM} } } }`,
    variables: ({ project }) => ({ id: project }),
    knownInProject: true,
  },
  "Query.searchChatMessages": {
    document: `query ($id: ID!) { searchChatMessages(query: "hidden", roomId: $id) { nodes { ${MESSAGE} } } }`,
    variables: ({ room }) => ({ id: room }),
  },
  "Query.searchChatMessages (project)": {
    document: `query ($id: ID!) { searchChatMessages(query: "hidden", projectId: $id) { nodes { ${MESSAGE} } } }`,
    variables: ({ project }) => ({ id: project }),
    knownInProject: true,
  },
  "Query.searchChatMessages (a filter)": {
    document: `query ($query: String!) { searchChatMessages(query: $query) { nodes { ${MESSAGE} } } }`,
    variables: ({ room }) => ({ query: `hidden in:#${room}` }),
  },
  "Query.chatRoomEvents": {
    document: `query ($id: ID!, $after: String!) { chatRoomEvents(roomId: $id, after: $after) { nodes { ${EVENT} } } }`,
    variables: ({ room, cursor }) => ({ id: room, after: cursor }),
  },
  "ChatRoom.messages": {
    document: `query ($own: ID!, $around: ID!) { chatRoom(id: $own) { messages(around: $around) { nodes { ${MESSAGE} } } } }`,
    variables: ({ message }, own) => ({ own: own.room, around: message }),
  },
  "Mutation.createChatRoom (project)": {
    ...mutation("createChatRoom", ({ project }) => ({
      type: "GROUP",
      name: "x",
      projectId: project,
      participantIds: [],
    })),
    knownInProject: true,
  },
  "Mutation.createChatRoom (people)": {
    ...mutation("createChatRoom", ({ user }, own) => ({
      type: "GROUP",
      name: "x",
      projectId: own.project,
      participantIds: [user],
    })),
    knownInProject: true,
  },
  "Mutation.createChatRoom (direct)": {
    ...mutation("createChatRoom", ({ user }, own) => ({
      type: "DIRECT",
      projectId: own.project,
      participantIds: [user],
    })),
    knownInProject: true,
  },
  "Mutation.renameChatRoom": ownersAlone(mutation("renameChatRoom", ({ room }) => ({ roomId: room, name: "x" }))),
  "Mutation.deleteChatRoom": ownersAlone(mutation("deleteChatRoom", ({ room }) => ({ roomId: room }))),
  "Mutation.addChatParticipant": mutation("addChatParticipant", ({ room, user }) => ({ roomId: room, userId: user })),
  "Mutation.addChatParticipant (oneself)": mutation("addChatParticipant", ({ room }, own) => ({
    roomId: room,
    userId: own.user,
  })),
  "Mutation.addChatParticipant (people)": {
    ...mutation("addChatParticipant", ({ user }, own) => ({ roomId: own.room, userId: user })),
    knownInProject: true,
  },
  "Mutation.removeChatParticipant": ownersAlone(
    mutation("removeChatParticipant", ({ room, user }) => ({
      roomId: room,
      userId: user,
    })),
  ),
  "Mutation.removeChatParticipant (oneself)": mutation("removeChatParticipant", ({ room }, own) => ({
    roomId: room,
    userId: own.user,
  })),
  "Mutation.removeChatParticipant (people)": ownersAlone(
    mutation("removeChatParticipant", ({ user }, own) => ({
      roomId: own.room,
      userId: user,
    })),
  ),
  "Mutation.markChatRoomRead": mutation("markChatRoomRead", ({ room, message }) => ({
    roomId: room,
    messageId: message,
  })),
  "Mutation.markChatRoomRead (message)": mutation("markChatRoomRead", ({ message }, own) => ({
    roomId: own.room,
    messageId: message,
  })),
  "Mutation.sendChatMessage": mutation("sendChatMessage", ({ room }) => ({
    roomId: room,
    content: "x",
    clientMutationId: "0190a6a2-7f9c-7e6a-9d0a-1f0e4a3b2c1d",
  })),
  "Mutation.editChatMessage": ownersAlone(
    mutation("editChatMessage", ({ message }) => ({ messageId: message, content: "x" })),
  ),
  "Mutation.deleteChatMessage": ownersAlone(mutation("deleteChatMessage", ({ message }) => ({ messageId: message }))),
  "Mutation.addMessageReaction": mutation("addMessageReaction", ({ message }) => ({ messageId: message, emoji: "👍" })),
  "Mutation.removeMessageReaction": mutation("removeMessageReaction", ({ message }) => ({
    messageId: message,
    emoji: "👍",
  })),
  "Mutation.setChatTyping": mutation("setChatTyping", ({ room }) => ({ roomId: room, isTyping: true })),
  "Subscription.chatRoomEvents": {
    document: `subscription ($id: ID!) { chatRoomEvents(roomId: $id) { ${EVENT} } }`,
    variables: ({ room }) => ({ id: room }),
  },
  "Subscription.chatRoomEvents (after)": {
    document: `subscription ($id: ID!, $after: String) { chatRoomEvents(roomId: $id, after: $after) { ${EVENT} } }`,
    variables: ({ room, cursor }) => ({ id: room, after: cursor }),
  },
  "Subscription.chatEvents": {
    document: `subscription ($after: [String!]) { chatEvents(after: $after) { ${EVENT} } }`,
    variables: ({ cursor }) => ({ after: [cursor] }),
  },
  "_entities.ChatRoom": entity("ChatRoom", ROOM, ({ room }) => room),
  "_entities.ChatMessage": entity("ChatMessage", MESSAGE, ({ message }) => message),
  "_entities.ChatParticipant": entity(
    "ChatParticipant",
    "id joinedAt lastReadAt lastReadMessageId user { id }",
    ({ participant }) => participant,
  ),
  "_entities.MessageReaction": entity(
    "MessageReaction",
    `id emoji user { id } message { ${MESSAGE} }`,
    ({ reaction }) => reaction,
  ),
  "_entities.User": {
    ...entity("User", "id chatUsername chatDisplayName chatPresence", ({ user }) => user),
    knownInProject: true,
  },
  "_entities.Project": {
    ...entity(
      "Project",
      "id chatName chatRooms { nodes { id } } chatMembers { nodes { id } }",
      ({ project }) => project,
    ),
    knownInProject: true,
  },
};

/** What the host product alone may do, with its service token: to everybody else it is closed, whatever they name. */
export const hostRows: Readonly<Record<string, Row>> = {
  "Mutation.revokeChatTokens": mutation("revokeChatTokens", ({ user }) => ({ revocations: [{ tokenId: user }] })),
  "Mutation.upsertChatUsers": mutation("upsertChatUsers", ({ user }) => ({
    users: [{ id: user, username: "x", displayName: "x" }],
  })),
  "Mutation.upsertChatProjects": mutation("upsertChatProjects", ({ project, user }) => ({
    projects: [{ id: project, name: "x", addMemberIds: [user] }],
  })),
};
