import { z } from "zod";
import { attachmentUrls } from "../features/attachments/attachment.actions.js";
import { DELETED_USER_NAME, type User } from "../features/directory/directory.js";
import { messageTypes, type Message } from "../features/messages/message.js";
import type { Reaction } from "../features/reactions/reaction.js";
import { roomTypes, type Participant, type ViewedRoom } from "../features/rooms/room.js";
import type { UserId } from "../platform/ids.js";
import type { Files } from "../platform/scope.js";

/**
 * What the REST shim and the raw WebSocket show: the original system's shapes, in snake_case, with our own numbers as
 * ids. The schemas are what the OpenAPI document is made of; the functions beside them fill them.
 */

const time = z.iso.datetime().meta({ description: "ISO 8601, UTC." });

export const userShape = z
  .object({ id: z.int(), username: z.string(), display_name: z.string() })
  .meta({ id: "User", description: "A person." });

export const nestedReactionShape = z.object({ id: z.int(), user: userShape, emoji: z.string(), created_at: time });

export const reactionShape = z
  .object({ id: z.int(), message: z.int(), user: userShape, emoji: z.string(), created_at: time })
  .meta({ id: "MessageReaction", description: "An emoji that somebody put under a message." });

export const participantShape = z
  .object({ id: z.int(), user: userShape, joined_at: time, last_read_at: time.nullable() })
  .meta({ id: "ChatParticipant", description: "Somebody in a room, and how far they have read." });

export const messageShape = z
  .object({
    id: z.int(),
    room: z.int(),
    user: userShape,
    content: z.string(),
    type: z.enum(messageTypes),
    attachment_url: z.string().nullable().meta({ description: "Signed: works by itself, for some hours." }),
    attachment_name: z.string().meta({ description: "As its sender named it; empty without a file." }),
    attachment_size: z.int().nullable().meta({ description: "In bytes." }),
    reactions: z.array(nestedReactionShape),
    is_edited: z.boolean(),
    edited_at: time.nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: "ChatMessage", description: "What somebody wrote in a room." });

export const roomShape = z
  .object({
    id: z.int(),
    name: z.string(),
    type: z.enum(roomTypes),
    project: z.int(),
    participants: z.array(participantShape),
    created_by: userShape.nullable(),
    last_message: z.object({ id: z.int(), content: z.string(), created_at: time }).nullable(),
    unread_count: z.int(),
    display_name: z.string(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: "ChatRoom", description: "A conversation, as one of its participants sees it." });

/** The people whom a shape names, by number. */
export type People = ReadonlyMap<UserId, User>;

export function peopleOf(users: readonly User[]): People {
  return new Map(users.map((user) => [user.id, user]));
}

export function toUserShape(people: People, id: UserId): z.output<typeof userShape> {
  const user = people.get(id);
  return { id, username: user?.username ?? "", display_name: user?.displayName ?? DELETED_USER_NAME };
}

export function toReactionShape(people: People, reaction: Reaction): z.output<typeof reactionShape> {
  const { id, user, emoji, created_at } = toNestedReactionShape(people, reaction);
  return { id, message: reaction.messageId, user, emoji, created_at };
}

/** A reaction where its message is plain from the context. */
export function toNestedReactionShape(people: People, reaction: Reaction): z.output<typeof nestedReactionShape> {
  const { id, userId, emoji, createdAt } = reaction;
  return { id, user: toUserShape(people, userId), emoji, created_at: createdAt };
}

export function toParticipantShape(people: People, participant: Participant): z.output<typeof participantShape> {
  const { id, userId, joinedAt, lastReadAt } = participant;
  return { id, user: toUserShape(people, userId), joined_at: joinedAt, last_read_at: lastReadAt };
}

/** What a message's shape is made with: the people it names, and who signs the address of its file. */
export interface MessageParts {
  readonly people: People;
  readonly files: Files;
}

export function toMessageShape(
  { people, files }: MessageParts,
  message: Message,
  reactions: readonly Reaction[],
): z.output<typeof messageShape> {
  const { attachment } = message;
  return {
    id: message.id,
    room: message.roomId,
    user: toUserShape(people, message.userId),
    content: message.content,
    type: message.type,
    attachment_url: attachment && attachmentUrls(files, attachment).url,
    attachment_name: attachment?.name ?? "",
    attachment_size: attachment?.size ?? null,
    reactions: reactions.map((reaction) => toNestedReactionShape(people, reaction)),
    is_edited: message.editedAt !== null,
    edited_at: message.editedAt,
    created_at: message.createdAt,
    updated_at: message.updatedAt,
  };
}

/** What a room's shape is made of beside the room itself. */
export interface RoomParts {
  readonly participants: readonly Participant[];
  readonly lastMessage: Message | undefined;
  readonly displayName: string;
}

export function toRoomShape(people: People, room: ViewedRoom, parts: RoomParts): z.output<typeof roomShape> {
  const { lastMessage } = parts;
  return {
    id: room.id,
    name: room.name,
    type: room.type,
    project: room.projectId,
    participants: parts.participants.map((participant) => toParticipantShape(people, participant)),
    created_by: room.createdById === null ? null : toUserShape(people, room.createdById),
    last_message:
      lastMessage === undefined
        ? null
        : { id: lastMessage.id, content: lastMessage.content, created_at: lastMessage.createdAt },
    unread_count: room.state.unreadCount,
    display_name: parts.displayName,
    created_at: room.createdAt,
    updated_at: room.updatedAt,
  };
}
