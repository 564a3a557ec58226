import { z } from "zod";
import type { Heard } from "./graphql-world.js";
import type { Event, RoomState, State } from "./feed-state.js";

/** Everything that a client shows, and every event with all that it says of it. */
const FRAGMENTS = `
  fragment person on User { id chatUsername chatDisplayName chatPresence }
  fragment participant on ChatParticipant { id user { ...person } joinedAt lastReadAt lastReadMessageId }
  fragment reaction on MessageReaction { id emoji createdAt user { id } }
  fragment message on ChatMessage {
    id content type attachment { url thumbnailUrl name size width height contentType } user { id } mentions { id } isEdited editedAt createdAt updatedAt
    reactions { ...reaction } reactionGroups { emoji count }
  }
  fragment room on ChatRoom {
    id name updatedAt owner { id } headCursor headSeq unreadCount unreadMentionCount lastMessage { id }
    participants { ...participant } messages(last: 100) { nodes { ...message } }
  }`;
export const SNAPSHOT = `query { chatRooms(first: 100) { headCursor nodes { ...room } } } ${FRAGMENTS}`;
export const EVENTS = `subscription ($after: [String!]) { chatEvents(after: $after) {
  __typename cursor seq
  ... on ChatMessageSent { message { ...message } room { id lastMessage { id } updatedAt } }
  ... on ChatMessageEdited { message { ...message } }
  ... on ChatMessageDeleted { roomId messageId lastMessage { id } }
  ... on ChatReactionAdded { roomId messageId reaction { ...reaction } group { emoji count } }
  ... on ChatReactionRemoved { roomId messageId reaction { ...reaction } group { emoji count } }
  ... on ChatParticipantAdded { roomId participant { ...participant } owner { id } room { updatedAt } }
  ... on ChatParticipantRemoved { roomId participant { ...participant } owner { id } room { updatedAt } }
  ... on ChatRoomChanged { room { id name updatedAt owner { id } } }
  ... on ChatRoomDeleted { roomId }
  ... on ChatRoomJoined { room { ...room } }
  ... on ChatRoomLeft { roomId }
  ... on ChatRoomRead { roomId userId lastReadAt lastReadMessageId unread { headSeq unreadCount unreadMentionCount } }
  ... on ChatTypingChanged { roomId user { id } isTyping }
  ... on ChatPresenceChanged { user { ...person } }
  ... on ChatUserChanged { user { ...person } }
} } ${FRAGMENTS}`;

/** What was asked for, with the positions from which it is followed. */
export interface Snapshot {
  readonly state: State;
  readonly cursors: readonly string[];
}

export function parseSnapshot(data: unknown): Snapshot {
  const { chatRooms } = data as { chatRooms: { headCursor: string; nodes: (RoomState & { headCursor: string })[] } };
  const rooms = Object.fromEntries(chatRooms.nodes.map((room) => [room.id, room]));
  return {
    state: { rooms, typing: [] },
    cursors: [chatRooms.headCursor, ...chatRooms.nodes.map(({ headCursor }) => headCursor)],
  };
}

const ROOM_IDS = "query { chatRooms(first: 100) { headCursor nodes { id } } }";
const ROOM = `query ($id: ID!) { chatRoom(id: $id) { ...room } } ${FRAGMENTS}`;
const ROOMS = z.object({
  chatRooms: z.object({ headCursor: z.string(), nodes: z.array(z.object({ id: z.string() })) }),
});

/** A snapshot over a wire, where one may not ask for as much at once: the rooms first, and then each. */
export async function readSnapshot(
  ask: (document: string, variables: Record<string, unknown>) => Promise<unknown>,
): Promise<Snapshot> {
  const { chatRooms } = ROOMS.parse(await ask(ROOM_IDS, {}));
  const nodes: unknown[] = [];
  for (const { id } of chatRooms.nodes)
    nodes.push(z.object({ chatRoom: z.unknown() }).parse(await ask(ROOM, { id })).chatRoom);
  return parseSnapshot({ chatRooms: { ...chatRooms, nodes } });
}

export function parseEvents(events: Heard["events"]): readonly Event[] {
  return events as unknown as readonly Event[];
}

/** Where a room's stream stands is not something that a person sees. */
export function visible({ rooms, typing }: State): unknown {
  const shown = Object.entries(rooms).map(([id, room]) => [
    id,
    { ...room, headCursor: undefined, countedSeq: undefined },
  ]);
  return { rooms: Object.fromEntries(shown), typing };
}

/** A removal ends the addresses of files that were heard before it: what they lead to is the same. */
export function unsigned(state: State): unknown {
  return JSON.parse(JSON.stringify(visible(state)).replace(/\?expires=[^"]*/g, ""));
}
