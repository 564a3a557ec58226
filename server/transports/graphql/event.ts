import { userLoader } from "../../features/directory/directory.graphql.js";
import type { Delivery, ReadPosition, RoomEvent, Unread } from "../../features/feed/room-event.js";
import { formatCursor, parseStreamOwner, type StreamId } from "../../features/feed/stream.js";
import { lastMessageLoader, messageLoader } from "../../features/messages/message.graphql.js";
import type { Message } from "../../features/messages/message.js";
import { roomLoader } from "../../features/rooms/room.graphql.js";
import type { RoomId } from "../../features/rooms/room.js";
import type { Loaders } from "../../platform/loaders.js";

/** An event as the graph shows it. */
export type GraphEvent = { readonly __typename: string; readonly cursor: string | null; readonly seq: number | null };

type ParticipantEvent = Extract<RoomEvent, { readonly kind: "participant_added" | "participant_removed" }>;

/** What an event names is known already: nothing of it is read from the database. */
export function primeLoaders(loaders: Loaders, { snapshots }: Delivery): void {
  for (const user of snapshots.users) loaders.prime(userLoader, user.id, user);
  for (const message of snapshots.messages) loaders.prime(messageLoader, message.id, message);
}

/**
 * The one place where a kind of event gets its GraphQL type: a new kind does not compile until it has one. Undefined for
 * what the graph does not show.
 */
export async function toGraphEvent(delivery: Delivery, loaders: Loaders): Promise<GraphEvent | undefined> {
  const { event, seq } = delivery;
  const cursor = seq === null ? null : formatCursor({ ...delivery, seq });
  const shown = (__typename: string, fields: object): GraphEvent => ({ __typename, cursor, seq, ...fields });
  switch (event.kind) {
    case "ready": {
      const heads = event.heads.map((head) => ({
        roomId: roomOf(head.stream),
        cursor: formatCursor(head),
        seq: head.seq,
      }));
      return shown("ChatSubscriptionReady", { heads });
    }
    case "message_sent": {
      const { message } = event;
      const room = { id: message.roomId, lastMessage: message, updatedAt: message.createdAt };
      return shown("ChatMessageSent", { message, room });
    }
    case "message_edited":
      return shown("ChatMessageEdited", { message: event.message });
    case "message_deleted": {
      const { roomId, messageId, lastMessageId } = event;
      const lastMessage = lastMessageId === null ? null : await loaders.load(messageLoader, lastMessageId);
      return shown("ChatMessageDeleted", { roomId, messageId, lastMessage });
    }
    case "reaction_added":
      return shown("ChatReactionAdded", { ...event, messageId: event.reaction.messageId });
    case "reaction_removed":
      return shown("ChatReactionRemoved", { ...event, messageId: event.reaction.messageId });
    case "participant_added":
      return shown("ChatParticipantAdded", participantFields(event, loaders));
    case "participant_removed":
      return shown("ChatParticipantRemoved", participantFields(event, loaders));
    case "room_changed":
      return shown("ChatRoomChanged", { room: event.room });
    case "room_deleted":
      return shown("ChatRoomDeleted", { roomId: event.roomId });
    case "room_joined": {
      // The snapshot from which the new room is followed: as it is now, not as it was when the event was written.
      const room = (await loaders.load(roomLoader, event.room.id)) ?? event.room;
      return shown("ChatRoomJoined", { room });
    }
    case "room_left":
      return shown("ChatRoomLeft", { roomId: event.roomId });
    case "read_moved":
      return shown("ChatRoomRead", await readFields(event.read, event.unread, loaders));
    case "others_read_moved":
      return shown("ChatRoomRead", await readFields(event.read, null, loaders));
    case "typing_changed": {
      const { roomId, userId, isTyping } = event;
      return shown("ChatTypingChanged", { roomId, isTyping, user: () => loaders.load(userLoader, userId) });
    }
    case "attendance_changed":
      return undefined;
    case "presence_changed":
      return shown("ChatPresenceChanged", { user: () => loaders.load(userLoader, event.userId) });
    case "user_changed":
      return shown("ChatUserChanged", { user: () => loaders.load(userLoader, event.userId) });
  }
}

/** What leads to other things are functions, so that only what somebody asks for is read. */
function participantFields({ participant, ownerId, updatedAt }: ParticipantEvent, loaders: Loaders) {
  const { roomId } = participant;
  const owner = ownerId === null ? null : () => loaders.load(userLoader, ownerId);
  return {
    roomId,
    participant,
    owner,
    room: { id: roomId, updatedAt, lastMessage: () => lastMessageIn(roomId, loaders) },
  };
}

/** The newest message as it is now, which somebody who has left since may not see. */
async function lastMessageIn(roomId: RoomId, loaders: Loaders): Promise<Message | null> {
  const room = await loaders.load(roomLoader, roomId);
  return (room && (await loaders.load(lastMessageLoader, roomId))) ?? null;
}

async function readFields(read: ReadPosition, unread: Unread | null, loaders: Loaders) {
  const { hostId } = await loaders.load(userLoader, read.userId);
  return { ...read, userId: hostId, unread };
}

function roomOf(stream: StreamId): RoomId | null {
  const owner = parseStreamOwner(stream);
  return owner.kind === "room" ? owner.roomId : null;
}
