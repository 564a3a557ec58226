import type { Brand, UserId } from "../../platform/ids.js";
import { DomainError } from "../../platform/errors.js";
import type { RoomId } from "../rooms/room.js";

/** An ordered stream of events: a room's (`r12`) or a person's own (`u5`: what concerns only them). */
export type StreamId = Brand<string, "StreamId">;

export type StreamOwner =
  | { readonly kind: "room"; readonly roomId: RoomId }
  | { readonly kind: "user"; readonly userId: UserId };

export function roomStream(roomId: RoomId): StreamId {
  return parseStream(`r${roomId}`);
}

export function userStream(userId: UserId): StreamId {
  return parseStream(`u${userId}`);
}

/** Whose stream it is. */
export function parseStreamOwner(stream: StreamId): StreamOwner {
  const number = Number(stream.slice(1));
  return stream.startsWith("r")
    ? { kind: "room", roomId: number as RoomId }
    : { kind: "user", userId: number as UserId };
}

function parseStream(text: string): StreamId {
  return text as StreamId;
}

/**
 * A position in a stream: after `seq`, in the given epoch. It is a position and never a permission: who may read
 * the stream is asked each time.
 */
export interface Position {
  readonly stream: StreamId;
  readonly epoch: string;
  readonly seq: number;
}

/** The position as clients hold it: opaque, the same for everybody. */
export function formatCursor(position: Position): string {
  return Buffer.from(`${position.stream}:${position.epoch}:${position.seq}`).toString("base64url");
}

/** The largest number that a counter can hold. */
const MAX_SEQ = 2_147_483_647;

const CURSOR = /^([ru][1-9]\d{0,9}):([0-9a-f]+\.\d+):(0|[1-9]\d{0,9})$/;

/**
 * The position that a client sent back.
 * @throws DomainError RESYNC_REQUIRED for anything that was never a cursor: there is nothing to resume from.
 */
export function parseCursor(cursor: string): Position {
  const match = CURSOR.exec(Buffer.from(cursor, "base64url").toString("latin1"));
  const [, stream, epoch, seq] = match ?? [];
  if (stream === undefined || epoch === undefined || seq === undefined || Number(seq) > MAX_SEQ) throw resyncRequired();
  return { stream: parseStream(stream), epoch, seq: Number(seq) };
}

export function resyncRequired(): DomainError {
  return new DomainError(
    "RESYNC_REQUIRED",
    "This position can't be resumed any more. Fetch a fresh snapshot and follow from there.",
  );
}
