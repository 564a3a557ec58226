import { z } from "zod";
import type { Brand, UserId } from "../../platform/ids.js";
import type { IsoTime } from "../../platform/time.js";
import { singleLine } from "../../platform/text.js";
import type { ProjectId } from "../directory/directory.js";

export type RoomId = Brand<number, "RoomId">;
export type ParticipantId = Brand<number, "ParticipantId">;

export const roomTypes = ["direct", "group"] as const;
export type RoomType = (typeof roomTypes)[number];

/** A conversation inside one project: a named group, or the direct room of exactly two people. */
export interface Room {
  readonly id: RoomId;
  /** Empty for a direct room, whose display name is the other person's. */
  readonly name: string;
  readonly type: RoomType;
  readonly projectId: ProjectId;
  /** Null once the host product has deleted that person. */
  readonly createdById: UserId | null;
  /** Who renames the room, removes others and deletes it. Null in a direct room. */
  readonly ownerId: UserId | null;
  readonly createdAt: IsoTime;
  /** Moves with sends and with changes of the room and its participants; not with edits, deletions, reactions, reading. */
  readonly updatedAt: IsoTime;
}

export interface Participant {
  readonly id: ParticipantId;
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly joinedAt: IsoTime;
  readonly lastReadAt: IsoTime | null;
  /** The number (`Message.no`) of the newest message that they have read; 0 when there is none. */
  readonly readNo: number;
}

/** What only the asking participant's view of a room has: exact as of `headSeq`, because one statement reads it all. */
export interface RoomState {
  readonly epoch: string;
  readonly headSeq: number;
  /** Others' messages, not deleted, that the viewer has not read. */
  readonly unreadCount: number;
  readonly unreadMentionCount: number;
}

/** A room as one of its participants sees it. */
export type ViewedRoom = Room & { readonly state: RoomState };

/** Whose name a direct room bears for this viewer; undefined for a group, and when the other has gone. */
export function otherOf(room: Room, participants: readonly Participant[], viewerId: UserId): Participant | undefined {
  return room.type === "group" ? undefined : participants.find(({ userId }) => userId !== viewerId);
}

export const MAX_PARTICIPANTS = 1_000;
export const ROOM_NAME_MAX_CODE_POINTS = 255;

/** The key of a direct room in its project: its two people, in one order. */
export function directPair(one: number, other: number): string {
  return `${Math.min(one, other)}:${Math.max(one, other)}`;
}

export const roomName = singleLine({ max: ROOM_NAME_MAX_CODE_POINTS, empty: "A group needs a name." });

export const createRoomInput = z.object({
  type: z.enum(roomTypes),
  name: z.string().default(""),
});
