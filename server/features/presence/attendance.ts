import { z } from "zod";
import { parseId, type UserId } from "../../platform/ids.js";
import { idSchema } from "../../platform/input.js";
import { userSchema } from "../directory/directory.js";
import type { RoomId } from "../rooms/room.js";

/**
 * Who is in a room just now: somebody with a connection that follows the room itself, or all of their rooms. So that
 * coming and going costs the same for who is in one room and in a thousand, there is one key for each of the two.
 */
export type Attended = { readonly userId: UserId; readonly roomId: RoomId | undefined };

const KEY = /^attendance:(\d+)(?::(\d+))?$/;

/** The key that the connections hold that follow this room, or without one those that follow all rooms. */
export function attendanceKey(userId: UserId, roomId?: RoomId): string {
  return roomId === undefined ? `attendance:${userId}` : `attendance:${userId}:${roomId}`;
}

/** What a key stands for; undefined when it is a key of something else. */
export function attendedBy(key: string): Attended | undefined {
  const [, user, room] = KEY.exec(key) ?? [];
  const userId = parseId<UserId>(user);
  return userId === undefined ? undefined : { userId, roomId: parseId<RoomId>(room) };
}

/** One topic for everybody's coming and going: each node tells those of the rooms that are followed there. */
export const ATTENDANCE_TOPIC = "attendance";

/** What nodes tell each other of somebody who came into rooms, or went from them. */
export const attendanceMessage = z
  .object({ user: userSchema, roomIds: z.array(idSchema<RoomId>()).readonly(), isHere: z.boolean() })
  .readonly();
export type AttendanceMessage = z.output<typeof attendanceMessage>;
