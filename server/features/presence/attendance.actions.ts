import type { SqlEntityManager } from "@mikro-orm/sql";
import { warnOf } from "../../platform/outage.js";
import type { Actor, Services } from "../../platform/scope.js";
import { Slots } from "../../platform/slots.js";
import { usersByIds } from "../directory/directory.queries.js";
import type { Feed } from "../feed/feed.node.js";
import { roomStream } from "../feed/stream.js";
import { roomIdsOf } from "../rooms/room.queries.js";
import type { RoomId } from "../rooms/room.js";
import {
  ATTENDANCE_TOPIC,
  attendanceKey,
  attendanceMessage,
  attendedBy,
  type Attended,
  type AttendanceMessage,
} from "./attendance.js";
import { DEPARTURE_GRACE_MS } from "./presence.js";

/** However many come or go at once (all who were on a node that has died), no more than these look and tell at a time. */
const slots = new Slots(4);

export interface AttendanceContext {
  readonly actor: Actor;
  readonly services: Services;
  readonly fork: () => SqlEntityManager;
}

type TellContext = Omit<AttendanceContext, "actor">;

/**
 * Counts one connection of this person that follows a room, or all of their rooms, from now on. Of a room the others
 * are told when it is the first of either kind, and when the last one has been gone for a while. It may be lost, and
 * fails nobody; the answer ends it.
 */
export function attend(context: AttendanceContext, roomId?: RoomId): () => void {
  return counted(context, { userId: context.actor.id, roomId }, () =>
    arrive(context, { userId: context.actor.id, roomId }),
  );
}

/**
 * Counts a connection that follows all of its person's rooms in one that they have just joined, or just left: what they
 * follow is another thing than it was when it was told.
 */
export function attendSince(context: AttendanceContext, roomId: RoomId, change: "joined" | "left"): () => void {
  const attended = { userId: context.actor.id, roomId };
  return counted(context, attended, async () => {
    const isFirst = await context.services.leases.acquire(attendanceKey(attended.userId, roomId));
    if (isFirst && change === "joined") tell(context, [roomId], true);
  });
}

function counted(context: AttendanceContext, attended: Attended, come: () => Promise<void>): () => void {
  const { services } = context;
  const unnoted = (err: unknown): void => warnOf(services.logger, err, "who is in a room was not noted");
  const arrival = slots.run(come).catch(unnoted);
  let left = false;
  return () => {
    if (left) return;
    left = true;
    services.clock.after(DEPARTURE_GRACE_MS, () => {
      arrival.then(() => slots.run(() => depart(context, attended))).catch(unnoted);
    });
  };
}

/**
 * Who comes looks first and takes then, who goes lets go first and looks then: of two that do so at the same moment both
 * may tell, but never neither.
 */
async function arrive(context: AttendanceContext, attended: Attended): Promise<void> {
  const { leases } = context.services;
  const key = attendanceKey(attended.userId, attended.roomId);
  const [isHeld] = await leases.held([key]);
  const seen = isHeld === true ? undefined : await notHereOtherwise(context, attended);
  if (await leases.acquire(key)) tell(context, seen ?? (await notHereOtherwise(context, attended)), true);
}

async function depart(context: AttendanceContext, attended: Attended): Promise<void> {
  if (await context.services.leases.release(attendanceKey(attended.userId, attended.roomId)))
    tell(context, await notHereOtherwise(context, attended), false);
}

/**
 * The rooms for which this attendance makes the difference: those that its person is in by no other, as far as that can
 * be known just now.
 */
async function notHereOtherwise(
  { services, fork }: TellContext,
  { userId, roomId }: Attended,
): Promise<readonly RoomId[]> {
  if (roomId === undefined) {
    const [roomIds = []] = await roomIdsOf(fork(), [userId]);
    const held = await services.leases.held(roomIds.map((each) => attendanceKey(userId, each)));
    return roomIds.filter((_id, index) => held[index] !== true);
  }
  const [followsAll] = await services.leases.held([attendanceKey(userId)]);
  // Who follows all of their rooms follows this one only as long as it is theirs.
  if (followsAll !== true) return [roomId];
  const [roomIds = []] = await roomIdsOf(fork(), [userId]);
  return roomIds.includes(roomId) ? [] : [roomId];
}

/**
 * Passes on who came and went to the rooms that are followed on this node, and says itself who is here no more because
 * their node has died. The answer ends it.
 */
export async function listenToAttendance(
  services: Services,
  feed: Feed,
  fork: () => SqlEntityManager,
): Promise<() => Promise<void>> {
  const stopWatching = services.leases.onChange((keys) => {
    tellChanged({ services, fork }, keys).catch((error: unknown) =>
      warnOf(services.logger, error, "a changed attendance was not told"),
    );
  });
  const stopHearing = await services.pubsub.subscribe(ATTENDANCE_TOPIC, (text) => passOn(text, feed));
  return async () => {
    stopWatching();
    await stopHearing();
  };
}

async function tellChanged(context: TellContext, keys: readonly string[]): Promise<void> {
  const changed = keys.flatMap((key) => attendedBy(key) ?? []);
  const users = await usersByIds(context.fork(), [...new Set(changed.map(({ userId }) => userId))]);
  for (const attended of changed) {
    const actor = users.find(({ id }) => id === attended.userId);
    const [isHere] = await context.services.leases.held([attendanceKey(attended.userId, attended.roomId)]);
    if (actor === undefined || isHere === undefined) continue;
    tell({ ...context, actor }, await notHereOtherwise(context, attended), isHere);
  }
}

function tell({ services, actor }: AttendanceContext, roomIds: readonly RoomId[], isHere: boolean): void {
  if (roomIds.length === 0) return;
  const { id, hostId, username, displayName } = actor;
  const message: AttendanceMessage = { user: { id, hostId, username, displayName }, roomIds, isHere };
  services.pubsub
    .publish(ATTENDANCE_TOPIC, JSON.stringify(message))
    .catch(() => services.logger.debug("who is in a room was not published"));
}

function passOn(text: string, feed: Feed): void {
  const { user, roomIds, isHere } = attendanceMessage.parse(JSON.parse(text));
  for (const roomId of roomIds) {
    for (const hub of feed.hubsOf([roomStream(roomId)])) {
      const event = { kind: "attendance_changed", roomId, userId: user.id, isHere } as const;
      const snapshots = { users: [user], messages: [] };
      hub.hear({ stream: hub.stream, event, snapshots, key: `attendance:${user.id}` });
    }
  }
}
