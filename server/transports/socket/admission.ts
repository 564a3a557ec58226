import type { Delivery } from "../../features/feed/room-event.js";
import type { SharedReader, View } from "../../features/feed/feed.offer.js";
import type { Feed } from "../../features/feed/feed.node.js";
import { createView } from "../../features/feed/feed.share.js";
import { formatCursor, roomStream } from "../../features/feed/stream.js";
import { attendRoom } from "../../features/presence/attendance.follow.js";
import type { RoomId } from "../../features/rooms/room.js";
import { notFound } from "../../platform/errors.js";
import { NOBODYS_ID, parseId } from "../../platform/ids.js";
import type { Database } from "../../platform/orm.js";
import { noteRefusal } from "../../platform/refusals.js";
import type { Services } from "../../platform/scope.js";
import type { Connections, Credentials, OnEnd, Seat } from "../connections.js";
import { closingFor, closingOfRefusal } from "./errors.js";
import { createFrames, type Frames } from "./frames.js";
import type { Closing } from "./protocol.js";

/** What the process has for every raw socket. */
export interface SocketServices {
  readonly database: Database;
  readonly services: Services;
  readonly feed: Feed;
  readonly connections: Connections;
  readonly frames: Frames;
  /** The frames that everybody in a room gets alike: those of who resumes, and of who does not. */
  readonly views: { readonly resuming: View; readonly plain: View };
}

export function createSocketServices(parts: Omit<SocketServices, "frames" | "views">): SocketServices {
  const frames = createFrames(parts.database, parts.services.files);
  const viewOf = (resumes: boolean): View =>
    createView(parts.feed, async (delivery) => (await frames(delivery))({ userId: NOBODYS_ID, resumes }));
  return { ...parts, frames, views: { resuming: viewOf(true), plain: viewOf(false) } };
}

/** What an address asks for: a room, and whether and from where to resume. */
export interface Asked {
  readonly room: string;
  /** Undefined for a client that does not resume, "now" for one that begins. */
  readonly after: "now" | { readonly epoch: string; readonly seq: number } | undefined;
}

/** Where raw sockets are served: `/ws/chat/{room_id}/`, with and without the last slash. */
export const SOCKET_PATH = /^\/ws\/chat\/([^/]+)\/?$/;
const WHOLE_NUMBER = /^(0|[1-9]\d{0,15})$/;

/** Reads the address of an upgrade: what it asks for, or what can't be understood of it. */
export function parseAddress(address: string): Asked | { readonly malformed: string } {
  const { pathname, searchParams } = new URL(address, "ws://localhost");
  const room = SOCKET_PATH.exec(pathname)?.[1] ?? "";
  const [after, ...more] = searchParams.getAll("after");
  const [epoch, ...others] = searchParams.getAll("epoch");
  if (more.length > 0 || others.length > 0) return { malformed: "Give `after` and `epoch` once each." };
  if (after === undefined) return { room, after };
  if (after === "") return { room, after: "now" };
  if (!WHOLE_NUMBER.test(after)) return { malformed: "`after` is the seq of the last frame handled, or empty." };
  if (epoch === undefined || epoch === "") return { malformed: "`after` needs the `epoch` that it is of." };
  return { room, after: { epoch, seq: Number(after) } };
}

/** Somebody who was let in, and the events of their room. */
export interface Admission {
  readonly seat: Seat;
  readonly roomId: RoomId;
  readonly deliveries: AsyncGenerator<Delivery, void>;
  /** Ends the events and gives the place back. */
  end(): void;
}

/** Lets somebody into a room by their token, and begins to follow it; or says with which code the socket ends. */
export async function admit(
  { database, services, feed, connections, views }: SocketServices,
  asked: Asked,
  { authorization, via, onEnd, send }: Pick<SharedReader, "send"> & Credentials & { readonly onEnd: OnEnd },
): Promise<Admission | Closing> {
  const seat = await connections.enter({ authorization, via }, onEnd);
  if ("refused" in seat) return { code: closingOfRefusal[seat.refused], reason: seat.message };
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
    seat.leave();
  };
  try {
    const roomId = parseId<RoomId>(asked.room);
    if (roomId === undefined) throw notFound("This room");
    const shared = { view: asked.after === undefined ? views.plain : views.resuming, send };
    const context = { actor: seat.actor, services, feed, fork: () => database.fork(), signal: ended.signal, shared };
    const deliveries = await attendRoom(context, asked.room, cursorOf(roomId, asked));
    return { seat, roomId, deliveries, end };
  } catch (error) {
    end();
    noteRefusal(services.refusals, { actorId: seat.actor.id, isHost: false, via }, error);
    return closingFor(error, services.logger);
  }
}

function cursorOf(roomId: RoomId, { after }: Asked): string | undefined {
  return typeof after === "object" ? formatCursor({ stream: roomStream(roomId), ...after }) : undefined;
}
