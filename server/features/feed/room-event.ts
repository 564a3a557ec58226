import type { UserId } from "../../platform/ids.js";
import type { IsoTime } from "../../platform/time.js";
import type { User } from "../directory/directory.js";
import type { Message, MessageId } from "../messages/message.js";
import type { Reaction, ReactionCount } from "../reactions/reaction.js";
import type { Participant, Room, RoomId } from "../rooms/room.js";
import type { StreamId } from "./stream.js";

/**
 * Everything that can happen, on one page. Adding an event starts here; the compiler then names every place that
 * must learn of it.
 *
 * Events carry absolute values (a count, the last message), never differences, so that applying one twice is
 * harmless. People and other messages are named by id; their snapshots travel beside the event (`Snapshots`), and
 * are not kept in the log: a name that changes or a message that is deleted must not live on in it.
 */

/** What happens in a room, for all of its participants, for ever: numbered, kept, replayed. */
export type RoomEvent =
  | { readonly kind: "message_sent"; readonly message: Message }
  | ({ readonly kind: "message_edited"; readonly message: Message } & Keyed)
  | ({
      readonly kind: "message_deleted";
      readonly roomId: RoomId;
      readonly messageId: MessageId;
      readonly lastMessageId: MessageId | null;
    } & Keyed)
  | ({
      readonly kind: "reaction_added";
      readonly roomId: RoomId;
      readonly reaction: Reaction;
      readonly group: ReactionCount;
    } & Keyed)
  | ({
      readonly kind: "reaction_removed";
      readonly roomId: RoomId;
      readonly reaction: Reaction;
      readonly group: ReactionCount;
    } & Keyed)
  | {
      readonly kind: "participant_added";
      readonly participant: Participant;
      readonly ownerId: UserId | null;
      readonly updatedAt: IsoTime;
    }
  | {
      readonly kind: "participant_removed";
      readonly participant: Participant;
      readonly ownerId: UserId | null;
      readonly updatedAt: IsoTime;
    }
  | { readonly kind: "room_changed"; readonly room: Room }
  | { readonly kind: "room_deleted"; readonly roomId: RoomId };

/** What its author can know it again by. A sent message has the key in itself. */
interface Keyed {
  /** Who caused it under which key, if they gave one. For that person's eyes only. */
  readonly cause?: { readonly userId: UserId; readonly clientKey: string };
}

/** What concerns one person alone, in their own stream: numbered, kept, replayed. */
export type ViewerEvent =
  | { readonly kind: "room_joined"; readonly room: Room }
  | { readonly kind: "room_left"; readonly roomId: RoomId }
  | { readonly kind: "read_moved"; readonly read: ReadPosition; readonly unread: Unread };

/** What may be lost: never numbered, never kept. */
export type EphemeralEvent =
  | { readonly kind: "others_read_moved"; readonly read: ReadPosition }
  | { readonly kind: "typing_changed"; readonly roomId: RoomId; readonly userId: UserId; readonly isTyping: boolean }
  | { readonly kind: "attendance_changed"; readonly roomId: RoomId; readonly userId: UserId; readonly isHere: boolean }
  | { readonly kind: "presence_changed"; readonly userId: UserId }
  | { readonly kind: "user_changed"; readonly userId: UserId };

/** The first thing that a follower hears: where each of its streams continues from. */
export interface ReadyEvent {
  readonly kind: "ready";
  readonly heads: readonly StreamHead[];
}

/** Where a follower's stream continues from (after `seq`), and how far it reached when that was found. */
export interface StreamHead {
  readonly stream: StreamId;
  readonly epoch: string;
  readonly seq: number;
  readonly headSeq: number;
}

export type DurableEvent = RoomEvent | ViewerEvent;
export type ChatEvent = DurableEvent | EphemeralEvent | ReadyEvent;

export interface ReadPosition {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly lastReadAt: IsoTime;
  readonly lastReadMessageId: MessageId | null;
}

/** Unread counts as they were when the room's stream stood at `headSeq`. */
export interface Unread {
  readonly headSeq: number;
  readonly unreadCount: number;
  readonly unreadMentionCount: number;
}

/** The people and messages that an event names, as they are when it is delivered. */
export interface Snapshots {
  readonly users: readonly User[];
  readonly messages: readonly Message[];
}

export const noSnapshots: Snapshots = { users: [], messages: [] };

/** An event on its way: its place, what happened, and what one needs to show it without asking the database. */
export interface Delivery {
  readonly stream: StreamId;
  readonly epoch: string;
  /** Null on events that may be lost. */
  readonly seq: number | null;
  readonly event: ChatEvent;
  readonly snapshots: Snapshots;
}

/** Of what was read for many events at once, the part that one of them names. */
export function narrowSnapshots(all: Snapshots): (event: ChatEvent) => Snapshots {
  const users = new Map(all.users.map((user) => [user.id, user]));
  const messages = new Map(all.messages.map((message) => [message.id, message]));
  return (event) => {
    const named = messageIdsOf(event).flatMap((id) => messages.get(id) ?? []);
    const people = new Set([
      ...userIdsOf(event),
      ...named.flatMap((message) => [message.userId, ...message.mentionIds]),
    ]);
    return { users: [...people].flatMap((id) => users.get(id) ?? []), messages: named };
  };
}

/** The people whom an event names. */
export function userIdsOf(event: ChatEvent): readonly UserId[] {
  switch (event.kind) {
    case "message_sent":
    case "message_edited":
      return [event.message.userId, ...event.message.mentionIds];
    case "reaction_added":
    case "reaction_removed":
      return [event.reaction.userId];
    case "participant_added":
    case "participant_removed":
      return event.ownerId === null ? [event.participant.userId] : [event.participant.userId, event.ownerId];
    case "room_changed":
    case "room_joined":
      return [event.room.createdById, event.room.ownerId].filter((id) => id !== null);
    case "read_moved":
    case "others_read_moved":
      return [event.read.userId];
    case "typing_changed":
    case "attendance_changed":
    case "presence_changed":
    case "user_changed":
      return [event.userId];
    case "message_deleted":
    case "room_deleted":
    case "room_left":
    case "ready":
      return [];
    default:
      // A newer version's, while that is being rolled out.
      event satisfies never;
      return [];
  }
}

/** The other messages that an event names. */
export function messageIdsOf(event: ChatEvent): readonly MessageId[] {
  return event.kind === "message_deleted" && event.lastMessageId !== null ? [event.lastMessageId] : [];
}

/** Whether it is news of a person, wherever they are: it comes by every room that one shares with them. */
export function isAboutPerson({ kind }: ChatEvent): boolean {
  return kind === "presence_changed" || kind === "user_changed";
}

/**
 * The people to whom an event of a room says something else than to everybody in it, or for whom something else follows
 * from it: the author, who is told their key; who is removed; who is typing themselves.
 */
export function differsFor({ event, snapshots }: Delivery): "everybody" | readonly UserId[] {
  switch (event.kind) {
    case "message_sent":
      return authorOf(event.message);
    case "message_edited":
      return [...authorOf(event.message), ...causerOf(event)];
    case "message_deleted":
      // What it does not bring along is read when it is shown: nobody knows yet whose it is.
      if (event.lastMessageId !== null && snapshots.messages.length === 0) return "everybody";
      return [...snapshots.messages.flatMap(authorOf), ...causerOf(event)];
    case "reaction_added":
    case "reaction_removed":
      return causerOf(event);
    case "participant_removed":
      return [event.participant.userId];
    case "typing_changed":
    case "attendance_changed":
      return [event.userId];
    case "others_read_moved":
      return [event.read.userId];
    case "participant_added":
    case "room_changed":
    case "presence_changed":
    case "user_changed":
      return [];
    // The end of the room for everybody, or one person's own.
    case "room_deleted":
    case "room_joined":
    case "room_left":
    case "read_moved":
    case "ready":
      return "everybody";
    default:
      // A newer version's, while that is being rolled out: it is shown to nobody.
      event satisfies never;
      return "everybody";
  }
}

function authorOf({ userId, clientKey }: Message): readonly UserId[] {
  return clientKey === null ? [] : [userId];
}

function causerOf({ cause }: Keyed): readonly UserId[] {
  return cause === undefined ? [] : [cause.userId];
}

/** Whether an event on its way carries the words of this message. */
export function carriesMessage({ event, snapshots }: Delivery, id: MessageId): boolean {
  const isAboutIt = (event.kind === "message_sent" || event.kind === "message_edited") && event.message.id === id;
  return isAboutIt || snapshots.messages.some((message) => message.id === id);
}

/** Whether an event on its way carries a file, whose address is signed for what held when the event was made. */
export function carriesAttachment({ event, snapshots }: Delivery): boolean {
  const messages = event.kind === "message_sent" || event.kind === "message_edited" ? [event.message] : [];
  return [...messages, ...snapshots.messages].some((message) => message.attachment !== null);
}
