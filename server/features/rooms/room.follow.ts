import type { SqlEntityManager } from "@mikro-orm/sql";
import { DomainError } from "../../platform/errors.js";
import { parseId, type UserId } from "../../platform/ids.js";
import { Follower } from "../feed/feed.follow.js";
import type { SharedReader } from "../feed/feed.offer.js";
import type { Feed } from "../feed/feed.node.js";
import { unresumable, type Head } from "../feed/feed.queries.js";
import { noSnapshots, type ChatEvent, type Delivery } from "../feed/room-event.js";
import { parseCursor, resyncRequired, roomStream, type Position, type StreamId } from "../feed/stream.js";
import { noSuchRoom } from "./room.access.js";
import { participantHead, viewerHeads } from "./room.queries.js";
import type { RoomId } from "./room.js";

/** What following needs: it outlives any one operation, so that it takes a fresh entity manager for each look. */
export interface FollowContext {
  readonly viewerId: UserId;
  readonly feed: Feed;
  readonly fork: () => SqlEntityManager;
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** How the viewer takes events of rooms that were made for everybody: those do not come out of the following. */
  readonly shared?: Pick<SharedReader, "view" | "send"> | undefined;
}

/**
 * One room's events: a `ready` event that says where it continues from, then what was missed after the cursor, then
 * what happens. Without a cursor it starts now. It ends by itself when the viewer is removed or the room is deleted,
 * right after the event that says so.
 * @throws DomainError NOT_FOUND; RESYNC_REQUIRED when the cursor can't be resumed
 */
export async function followRoom(
  context: FollowContext,
  room: string,
  after: string | undefined,
): Promise<AsyncGenerator<Delivery, void>> {
  const { head, start } = await placesIn(context, room, after);
  const follower = await followAll(context, [start]);
  return events(context, follower, [start], new Map([[head.stream, head.seq]]));
}

/** What asking for a room's events needs. */
export type PollContext = Pick<FollowContext, "viewerId" | "feed" | "fork">;

/**
 * The events that following the room after the cursor would begin with, in order, at most `limit`: none beyond the
 * moment at which the viewer was seen to be in the room.
 * @throws DomainError as `followRoom`
 */
export async function roomEventsAfter(
  context: PollContext,
  room: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly Delivery[]> {
  const { head, start } = await placesIn(context, room, after);
  const read = await context.feed.read(start.stream, start.epoch, start.seq, limit);
  // What comes next may have grown too old since it was looked for.
  if (head.seq > start.seq && read[0]?.seq !== start.seq + 1) throw resyncRequired();
  return read.filter(({ seq }) => seq !== null && seq <= head.seq);
}

/** Where one of the viewer's rooms stands, and where they go on in it. */
async function placesIn(
  { fork, viewerId }: PollContext,
  room: string,
  after: string | undefined,
): Promise<{ readonly head: Head; readonly start: Position }> {
  const roomId = parseId<RoomId>(room);
  const head = roomId === undefined ? undefined : await participantHead(fork(), viewerId, roomId);
  if (head === undefined) throw noSuchRoom(room);
  const start = after === undefined ? head : parseCursor(after);
  if (start.stream !== head.stream) throw resyncRequired();
  await requireResumable(fork, [start]);
  return { head, start };
}

/**
 * All events of all the viewer's rooms and of their own stream, on one line. Rooms that they join come in by
 * themselves, rooms that they leave end with the event that says so.
 * @param after the newest cursor of each stream that the client holds; streams without one start now
 * @throws DomainError RESYNC_REQUIRED when one of them can't be resumed
 */
export async function followViewer(
  context: FollowContext,
  after: readonly string[],
): Promise<AsyncGenerator<Delivery, void>> {
  const wanted = new Map<StreamId, Position>();
  for (const position of after.map(parseCursor)) {
    if (position.seq >= (wanted.get(position.stream)?.seq ?? 0)) wanted.set(position.stream, position);
  }
  const heads = await viewerHeads(context.fork(), context.viewerId);
  const starts = heads.map((head) => wanted.get(head.stream) ?? head);
  await requireResumable(context.fork, starts);
  const follower = await followAll(context, starts);
  return events(context, follower, starts, new Map(heads.map((head) => [head.stream, head.seq])));
}

async function requireResumable(fork: FollowContext["fork"], positions: readonly Position[]): Promise<void> {
  const lost = await unresumable(fork(), positions);
  if (lost.length > 0) throw resyncRequired();
}

async function followAll(context: FollowContext, starts: readonly Position[]): Promise<Follower> {
  const { feed, signal, viewerId, shared } = context;
  const follower = new Follower(feed, signal, shared && { ...shared, viewerId });
  try {
    await Promise.all(starts.map((start) => follower.add(start)));
  } catch (error) {
    follower.close();
    throw error;
  }
  return follower;
}

/** For each stream the seq at which the viewer was seen to be in: a removal up to there is history. */
type Authorised = Map<StreamId, number>;

async function* events(
  context: FollowContext,
  follower: Follower,
  starts: readonly Head[],
  authorised: Authorised,
): AsyncGenerator<Delivery, void> {
  const { viewerId } = context;
  try {
    const [first] = starts;
    const heads = starts.map((start) => ({ ...start, headSeq: authorised.get(start.stream) ?? start.seq }));
    if (first !== undefined) yield { ...first, event: { kind: "ready", heads }, snapshots: noSnapshots };
    for (let delivery = await follower.next(); delivery !== undefined; delivery = await follower.next()) {
      const { event } = delivery;
      if (event.kind === "room_joined") await enter(context, follower, authorised, event.room.id);
      if (isOwnEcho(event, viewerId)) continue;
      const left = endedBy(delivery, viewerId, authorised);
      if (left !== undefined && left !== delivery.stream) yield* lastOf(left, follower, viewerId, authorised);
      yield delivery;
      if (left === undefined) continue;
      follower.drop(left);
      authorised.delete(left);
      if (authorised.size === 0) return;
    }
  } finally {
    follower.close();
  }
}

/** Begins with a room that the viewer was added to, unless they have left it since: then the next events say so. */
async function enter(
  { fork, viewerId }: FollowContext,
  follower: Follower,
  authorised: Authorised,
  roomId: RoomId,
): Promise<void> {
  const head = await follower.patiently(() => participantHead(fork(), viewerId, roomId));
  if (head === undefined || authorised.has(head.stream)) return;
  authorised.set(head.stream, head.seq);
  await follower.patiently(() => follower.add(head));
}

/**
 * The viewer's own stream says that a room has ended for them: before that, what the room itself still has to say, up
 * to the event that removed them. Of a room that was deleted there may be nothing left to read.
 */
async function* lastOf(
  stream: StreamId,
  follower: Follower,
  viewerId: UserId,
  authorised: Authorised,
): AsyncGenerator<Delivery, void> {
  if (!authorised.has(stream)) return;
  await follower.catchUp(stream);
  try {
    for (
      let delivery = await follower.nextOf(stream);
      delivery !== undefined;
      delivery = await follower.nextOf(stream)
    ) {
      yield delivery;
      if (endedBy(delivery, viewerId, authorised) === stream) return;
    }
  } catch (error) {
    if (!(error instanceof DomainError && error.code === "RESYNC_REQUIRED")) throw error;
  }
}

/** The stream that this event takes away from the viewer. */
function endedBy(
  { event, seq, stream }: Delivery,
  viewerId: UserId,
  authorised: ReadonlyMap<StreamId, number>,
): StreamId | undefined {
  const isHistory = seq === null || seq <= (authorised.get(stream) ?? 0);
  if (isHistory) return undefined;
  if (event.kind === "room_left") return roomStream(event.roomId);
  const isRemoval = event.kind === "participant_removed" && event.participant.userId === viewerId;
  return isRemoval || event.kind === "room_deleted" ? stream : undefined;
}

/** One's own typing, coming and going, and reading are told as ephemeral events to others only. */
function isOwnEcho(event: ChatEvent, viewerId: UserId): boolean {
  if (event.kind === "typing_changed" || event.kind === "attendance_changed") return event.userId === viewerId;
  return event.kind === "others_read_moved" && event.read.userId === viewerId;
}
