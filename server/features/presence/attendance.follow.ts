import { notFound } from "../../platform/errors.js";
import { parseId } from "../../platform/ids.js";
import type { Actor, Services } from "../../platform/scope.js";
import type { ChatEvent, Delivery } from "../feed/room-event.js";
import { followRoom, followViewer, type FollowContext } from "../rooms/room.follow.js";
import type { RoomId } from "../rooms/room.js";
import { attend, attendSince } from "./attendance.actions.js";

/** What following needs, and who it is that is there meanwhile. */
export interface AttendContext extends Omit<FollowContext, "viewerId"> {
  readonly actor: Actor;
  readonly services: Services;
}

/** As `followRoom`; as long as it goes on, its viewer is there for the others in the room. */
export async function attendRoom(
  context: AttendContext,
  room: string,
  after: string | undefined,
): Promise<AsyncGenerator<Delivery, void>> {
  const deliveries = await followRoom({ ...context, viewerId: context.actor.id }, room, after);
  const roomId = parseId<RoomId>(room);
  if (roomId === undefined) throw notFound("This room");
  return attended(context, deliveries, { hear: () => {}, leave: attend(context, roomId) });
}

/** As `followViewer`; as long as it goes on, its viewer is there for the others in all of their rooms. */
export async function attendAllRooms(
  context: AttendContext,
  after: readonly string[],
): Promise<AsyncGenerator<Delivery, void>> {
  const deliveries = await followViewer({ ...context, viewerId: context.actor.id }, after);
  return attended(context, deliveries, everywhere(context));
}

/** Somebody's being there, which what they hear may change. */
interface Attendance {
  hear(event: ChatEvent): void;
  leave(): void;
}

function everywhere(context: AttendContext): Attendance {
  const leaveAll = attend(context);
  const joined = new Map<RoomId, () => void>();
  return {
    hear(event) {
      if (event.kind === "room_joined") {
        joined.get(event.room.id)?.();
        joined.set(event.room.id, attendSince(context, event.room.id, "joined"));
      }
      if (event.kind === "room_left") {
        const leave = joined.get(event.roomId) ?? attendSince(context, event.roomId, "left");
        joined.delete(event.roomId);
        leave();
      }
    },
    leave() {
      leaveAll();
      for (const leave of joined.values()) leave();
    },
  };
}

/** One that is never read has no end of its own: it ends with the signal. */
function attended(
  { signal }: AttendContext,
  deliveries: AsyncGenerator<Delivery, void>,
  attendance: Attendance,
): AsyncGenerator<Delivery, void> {
  if (signal.aborted) attendance.leave();
  else signal.addEventListener("abort", attendance.leave, { once: true });
  return heard(deliveries, attendance);
}

async function* heard(
  deliveries: AsyncGenerator<Delivery, void>,
  attendance: Attendance,
): AsyncGenerator<Delivery, void> {
  try {
    for await (const delivery of deliveries) {
      attendance.hear(delivery.event);
      yield delivery;
    }
  } finally {
    attendance.leave();
  }
}
