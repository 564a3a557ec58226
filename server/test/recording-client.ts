import type { UserId } from "../platform/ids.js";
import type { View } from "../features/feed/feed.offer.js";
import type { Feed } from "../features/feed/feed.node.js";
import { createView } from "../features/feed/feed.share.js";
import type { Delivery } from "../features/feed/room-event.js";
import { formatCursor, roomStream, type Position, type StreamId } from "../features/feed/stream.js";
import { followRoom, followViewer } from "../features/rooms/room.follow.js";
import { participantHead, viewerHeads } from "../features/rooms/room.queries.js";
import type { RoomId } from "../features/rooms/room.js";
import { Gate, type RunClient } from "./run-client.js";
import type { World } from "./world.js";

/** A stretch of a stream that was followed without interruption, over any number of connections. */
export interface Stretch {
  /** After which seq it begins; for a room that was joined meanwhile at most this one. */
  readonly after: number;
  readonly isExact: boolean;
  readonly deliveries: Delivery[];
  /** The viewer's access has ended with the last delivery. */
  isClosed: boolean;
}

/** What is made for all of a feed's clients: the events themselves. */
const views = new WeakMap<Feed, View>();

function viewOf(feed: Feed): View {
  const view = views.get(feed) ?? createView(feed, async (delivery) => Buffer.from(JSON.stringify(delivery)));
  views.set(feed, view);
  return view;
}

function parseDelivery(bytes: Buffer): Delivery {
  return JSON.parse(bytes.toString()) as Delivery;
}

/**
 * A client that writes down what it gets, holds the newest cursor of each stream, and resumes from there. While it is
 * connected and reads, it takes what was made for all.
 */
export class RecordingClient implements RunClient {
  readonly stretches = new Map<StreamId, Stretch[]>();
  readonly ephemeral: Delivery[] = [];
  /** Set when the subscription ended by itself. */
  endedItself = false;
  failure: unknown;
  private readonly cursors = new Map<StreamId, Position>();
  /** At which seq of each room the viewer was seen to be in: a removal up to there is history. */
  private readonly authorised = new Map<StreamId, number>();
  private controller: AbortController | undefined;
  private reading = Promise.resolve();
  private readonly gate = new Gate();

  constructor(
    private readonly world: World,
    readonly viewerId: UserId,
    /** Follow only this room. */
    private readonly roomId?: RoomId,
  ) {}

  get isConnected(): boolean {
    return this.controller !== undefined;
  }

  /** Follows from the newest cursors that it holds. */
  async connect(feed: Feed): Promise<void> {
    const { world, viewerId, roomId } = this;
    const controller = new AbortController();
    const shared = { view: viewOf(feed), send: (bytes: Buffer) => this.push(parseDelivery(bytes)) };
    const context = { viewerId, feed, fork: () => world.database.fork(), signal: controller.signal, shared };
    const held = new Map(this.cursors);
    this.authorised.clear();
    for (const { stream, seq } of await viewerHeads(world.database.fork(), viewerId)) this.authorised.set(stream, seq);
    const after = [...held.values()].map(formatCursor);
    const deliveries =
      roomId === undefined ? await followViewer(context, after) : await followRoom(context, String(roomId), after[0]);
    const ready = await deliveries.next();
    if (ready.done === true || ready.value.event.kind !== "ready") throw new Error("The first event was not `ready`.");
    this.cursors.clear();
    for (const head of ready.value.event.heads) {
      const before = held.get(head.stream);
      if (before === undefined) this.begin(head.stream, head.seq, true);
      else if (before.seq !== head.seq)
        throw new Error(`Resumed ${head.stream} after ${head.seq} instead of ${before.seq}.`);
      // Who was removed and is back, and asks for what came after, is told: that is the past of a room they are in.
      const going = this.stretches.get(head.stream)?.at(-1);
      if (going !== undefined) going.isClosed = false;
      this.cursors.set(head.stream, { stream: head.stream, epoch: head.epoch, seq: head.seq });
    }
    this.controller = controller;
    this.endedItself = false;
    this.reading = this.read(deliveries).catch((error: unknown) => {
      this.failure = error;
    });
  }

  /** Loses the connection; what was read counts, what was not comes again. */
  async disconnect(): Promise<void> {
    this.controller?.abort();
    this.unpause();
    await this.reading;
    this.controller = undefined;
  }

  /** Stops reading, with the connection open. */
  pause(): void {
    this.gate.shut();
  }

  unpause(): void {
    this.gate.open();
  }

  async hasAll(): Promise<boolean> {
    if (this.failure !== undefined || !this.isConnected || this.gate.isShut) return true;
    const heads = await viewerHeads(this.world.database.fork(), this.viewerId);
    return heads.every(({ stream, seq }) => {
      const stretch = this.current(stream);
      return !this.follows(stream) || (stretch?.deliveries.at(-1)?.seq ?? stretch?.after ?? -1) >= seq;
    });
  }

  seqs(stream: StreamId): readonly number[] {
    return (this.stretches.get(stream) ?? []).flatMap(({ deliveries }) => deliveries.flatMap(({ seq }) => seq ?? []));
  }

  /** The newest stretch of a stream, if it is still going on. */
  current(stream: StreamId): Stretch | undefined {
    return this.cursors.has(stream) ? this.stretches.get(stream)?.at(-1) : undefined;
  }

  /** Whether its subscription is about this stream. */
  follows(stream: StreamId): boolean {
    return this.roomId === undefined || stream === roomStream(this.roomId);
  }

  /** Whether it knows that its access to this stream has ended. */
  wasTold(stream: StreamId): boolean {
    return !this.cursors.has(stream) || this.stretches.get(stream)?.at(-1)?.isClosed === true;
  }

  positionOf(stream: StreamId): Position | undefined {
    return this.cursors.get(stream);
  }

  private begin(stream: StreamId, after: number, isExact: boolean): Stretch {
    const stretch = { after, isExact, deliveries: [], isClosed: false };
    this.stretches.set(stream, [...(this.stretches.get(stream) ?? []), stretch]);
    return stretch;
  }

  private async read(deliveries: AsyncGenerator<Delivery, void>): Promise<void> {
    for (;;) {
      await this.gate.opened;
      const { done, value } = await deliveries.next();
      if (done === true) break;
      await this.take(value);
    }
    this.endedItself = this.controller?.signal.aborted === false;
    if (this.endedItself) this.controller = undefined;
  }

  /** As a socket: it takes what it is pushed at once, or not. */
  private push(delivery: Delivery): boolean {
    if (this.gate.isShut) return false;
    this.take(delivery).catch((error: unknown) => {
      this.failure = error;
    });
    return true;
  }

  private async take(delivery: Delivery): Promise<void> {
    const { stream, epoch, seq, event } = delivery;
    if (seq === null) {
      this.ephemeral.push(delivery);
      return;
    }
    // Somebody who left and came back while they were away gets "left" from the past of a room that they follow.
    const stretch = this.current(stream) ?? this.begin(stream, seq - 1, false);
    if (stretch.isClosed) throw new Error(`Got ${stream}@${seq} (${event.kind}) after access had ended.`);
    stretch.deliveries.push(delivery);
    stretch.isClosed = this.endsAccess(delivery, seq);
    this.cursors.set(stream, { stream, epoch, seq });
    if (event.kind === "room_joined") await this.join(event.room.id);
    if (event.kind === "room_left") this.cursors.delete(roomStream(event.roomId));
  }

  private endsAccess({ stream, event }: Delivery, seq: number): boolean {
    if (seq <= (this.authorised.get(stream) ?? 0)) return false;
    return (
      event.kind === "room_deleted" ||
      (event.kind === "participant_removed" && event.participant.userId === this.viewerId)
    );
  }

  /** As a client does: with the event comes a snapshot of the room, from which it is followed. */
  private async join(roomId: RoomId): Promise<void> {
    const stream = roomStream(roomId);
    const head = await participantHead(this.world.database.fork(), this.viewerId, roomId);
    if (head === undefined || this.cursors.has(stream)) return;
    this.begin(stream, head.seq, false);
    this.cursors.set(stream, head);
    this.authorised.set(stream, head.seq);
  }
}
