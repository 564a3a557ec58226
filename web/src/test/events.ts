import type { InMemoryCache } from "@apollo/client/cache";
import type { Unmasked } from "@apollo/client/masking";
import { Shell } from "../app/shell.graphql.js";
import { applyEvent } from "../features/events/apply-event.js";
import type { ChatEvent, EventOf } from "../features/events/chat-events.graphql.js";
import type { MessageData } from "../features/messages/message.cache.js";
import { MessagesPage } from "../features/messages/message-edge.graphql.js";
import type { RoomSummaryFragment } from "../gql/graphql.js";
import { createCache } from "../lib/cache.js";

/** The people of these tests. */
export const JOHN = { __typename: "User", id: "1", chatUsername: "john", chatDisplayName: "John Doe" } as const;
export const JANE = { __typename: "User", id: "2", chatUsername: "jane", chatDisplayName: "Jane Smith" } as const;

/** An instant of the test's day, in minutes after noon. */
export function at(minutes: number): string {
  return new Date(Date.UTC(2026, 10, 23, 12, minutes)).toISOString();
}

type User = typeof JOHN | typeof JANE;

/** A message as events carry it. */
export function messageOf(id: number, user: User, minutes: number, change: Partial<MessageData> = {}): MessageData {
  return {
    __typename: "ChatMessage",
    id: String(id),
    content: `message ${id}`,
    type: "TEXT",
    createdAt: at(minutes),
    updatedAt: at(minutes),
    isEdited: false,
    editedAt: null,
    isDeleted: false,
    clientMutationId: null,
    user,
    mentions: [],
    attachment: null,
    ...change,
  };
}

/** A picture that a message carries, under the addresses of a generation. */
export function pictureOf(name: string, generation = 1): NonNullable<MessageData["attachment"]> {
  return {
    __typename: "ChatAttachment",
    name,
    size: 2_048,
    contentType: "image/png",
    width: 640,
    height: 480,
    url: `/media/${name}?generation=${generation}`,
    thumbnailUrl: `/media/${name}.thumb.webp?generation=${generation}`,
  };
}

/** ChatMessageSent in room 1. */
export function sent(seq: number, message: MessageData): EventOf<"ChatMessageSent"> {
  return {
    __typename: "ChatMessageSent",
    cursor: `room1:${seq}`,
    seq,
    message,
    room: { __typename: "ChatRoomActivity", id: "1", updatedAt: message.createdAt },
  };
}

/** ChatMessageDeleted in room 1; what is its newest message then. */
export function deleted(
  seq: number,
  messageId: number,
  lastMessage: MessageData | null,
): EventOf<"ChatMessageDeleted"> {
  return {
    __typename: "ChatMessageDeleted",
    cursor: `room1:${seq}`,
    seq,
    roomId: "1",
    messageId: String(messageId),
    lastMessage,
  };
}

/** Someone's place in room 1. */
export function participantOf(id: number, user: User) {
  return {
    __typename: "ChatParticipant",
    id: String(id),
    joinedAt: at(-60),
    lastReadAt: null,
    lastReadMessageId: null,
    user: { ...user, chatPresence: "ONLINE" },
  } as const;
}

/** A group with John, who made it, and Jane. */
export function roomOf(id: string, change: Partial<Unmasked<RoomSummaryFragment>> = {}): Unmasked<RoomSummaryFragment> {
  return {
    __typename: "ChatRoom",
    id,
    createdAt: at(-60),
    updatedAt: at(-60),
    name: `Room ${id}`,
    type: "GROUP",
    displayName: `Room ${id}`,
    project: { __typename: "Project", id: "1", chatName: "Apollo" },
    owner: { __typename: "User", id: "1" },
    participants: [participantOf(1, JOHN), participantOf(2, JANE)],
    headCursor: `room${id}:10`,
    headSeq: 10,
    unreadCount: 0,
    unreadMentionCount: 0,
    lastMessage: null,
    ...change,
  };
}

/** A cache that holds room 1 with these messages, as the shell and the room page would have read them. */
export function cacheWith(messages: readonly MessageData[], isLive = true, room = roomOf("1")): InMemoryCache {
  const cache = createCache();
  cache.writeQuery({
    query: Shell,
    variables: { after: null },
    data: {
      chatViewer: JOHN,
      chatProjects: [{ __typename: "Project", id: "1", chatName: "Apollo" }],
      chatRooms: {
        __typename: "ChatRoomConnection",
        headCursor: "viewer:5",
        edges: [{ __typename: "ChatRoomEdge", cursor: "a", node: room }],
        pageInfo: { __typename: "PageInfo", hasNextPage: false, endCursor: "a" },
      },
    },
  });
  cache.writeQuery({
    query: MessagesPage,
    variables: { roomId: "1", last: 50 },
    data: {
      chatRoom: {
        ...room,
        messages: {
          __typename: "ChatMessageConnection",
          edges: messages.map((message) => ({
            __typename: "ChatMessageEdge" as const,
            cursor: `c${message.id}`,
            node: { ...message, reactionGroups: [] },
          })),
          pageInfo: {
            __typename: "PageInfo",
            hasNextPage: !isLive,
            hasPreviousPage: true,
            startCursor: `c${messages[0]?.id ?? ""}`,
            endCursor: `c${messages.at(-1)?.id ?? ""}`,
          },
        },
      },
    },
  });
  return cache;
}

/** What the feed of room 1 would show now. */
export function shownMessages(cache: InMemoryCache) {
  const data = cache.readQuery({ query: MessagesPage, variables: { roomId: "1" } });
  return data?.chatRoom?.messages.edges.map((edge) => edge.node) ?? [];
}

/** What the sidebar would show now. */
export function shownRooms(cache: InMemoryCache) {
  const data = cache.readQuery({ query: Shell, variables: { after: null } });
  return data?.chatRooms.edges.map((edge) => edge.node) ?? [];
}

/** Applies events as John's client does; answers what they ask for beyond the cache. */
export function apply(cache: InMemoryCache, ...events: readonly ChatEvent[]) {
  return events.flatMap((event) => applyEvent(cache, event, { id: JOHN.id }));
}
