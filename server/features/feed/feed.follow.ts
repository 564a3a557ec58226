import type { EphemeralMessage } from "./feed.actions.js";
import type { Member } from "./feed.hub.js";
import type { Feed, Membership } from "./feed.node.js";
import type { Delivery } from "./room-event.js";
import { resyncRequired, type Position, type StreamId } from "./stream.js";

/** A read from the log by one follower that is behind, in events. */
const PAGE = 200;
/** Unread ephemeral events of one follower; the oldest go first. */
const MAX_PENDING_EPHEMERAL = 100;

/**
 * Follows any number of streams: first what was missed, then what happens, each stream's events exactly once and in
 * order. Every stream has a cursor of its own and events are taken from shared memory or the log when the reader asks
 * for the next one, so that a slow reader holds nothing up and no queue grows for it.
 */
export class Follower implements Member {
  private readonly streams = new Map<StreamId, { seq: number; readonly epoch: string; readonly membership: Membership }>();
  private readonly movedStreams = new Set<StreamId>();
  private readonly ephemeral = new Map<string, Delivery>();
  private page: Delivery[] = [];
  private closed = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly feed: Feed,
    signal: AbortSignal,
  ) {
    if (signal.aborted) this.closed = true;
    signal.addEventListener("abort", () => this.close(), { once: true });
  }

  /** Starts (or goes on) with a stream after a position. The caller has made sure that it may be read. */
  async add(position: Position): Promise<void> {
    if (this.closed || this.streams.has(position.stream)) return;
    const membership = await this.feed.join(position.stream, this);
    if (this.closed || this.streams.has(position.stream)) return membership.leave();
    this.streams.set(position.stream, { seq: position.seq, epoch: position.epoch, membership });
    if (membership.hub.head > position.seq || membership.hub.epoch !== position.epoch) this.moved(position.stream);
  }

  /** Stops following a stream at once: nothing of it comes any more. */
  drop(stream: StreamId): void {
    this.streams.get(stream)?.membership.leave();
    this.streams.delete(stream);
    this.movedStreams.delete(stream);
    this.page = this.page.filter((delivery) => delivery.stream !== stream);
    for (const [key, delivery] of this.ephemeral) if (delivery.stream === stream) this.ephemeral.delete(key);
  }

  /**
   * The next event; undefined once the follower is closed.
   * @throws DomainError RESYNC_REQUIRED when a stream can't be read on without a gap.
   */
  async next(): Promise<Delivery | undefined> {
    for (;;) {
      if (this.closed) return undefined;
      const delivery = this.nextEphemeral() ?? (await this.nextDurable());
      if (delivery !== undefined) return delivery;
      if (this.isCaughtUp()) await this.sleep();
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const { membership } of this.streams.values()) membership.leave();
    this.streams.clear();
    this.page = [];
    this.wake?.();
  }

  moved(stream: StreamId): void {
    this.movedStreams.add(stream);
    this.wake?.();
  }

  heard({ stream, key, event, snapshots }: EphemeralMessage, epoch: string): void {
    this.ephemeral.delete(key);
    this.ephemeral.set(key, { stream, epoch, seq: null, event, snapshots });
    const [oldest] = this.ephemeral.keys();
    if (this.ephemeral.size > MAX_PENDING_EPHEMERAL && oldest !== undefined) this.ephemeral.delete(oldest);
    this.wake?.();
  }

  private nextEphemeral(): Delivery | undefined {
    const [first] = this.ephemeral;
    if (first === undefined) return undefined;
    this.ephemeral.delete(first[0]);
    return first[1];
  }

  private async nextDurable(): Promise<Delivery | undefined> {
    const fromPage = this.page.shift();
    if (fromPage !== undefined) return this.handOver(fromPage);
    const [stream] = this.movedStreams;
    const place = stream === undefined ? undefined : this.streams.get(stream);
    if (stream === undefined) return undefined;
    if (place === undefined || place.membership.hub.head <= place.seq) {
      this.movedStreams.delete(stream);
      return undefined;
    }
    const { hub } = place.membership;
    if (hub.epoch !== place.epoch) throw resyncRequired();
    const recent = hub.recent(place.seq + 1);
    if (recent !== undefined) return this.handOver(recent);
    const page = await this.feed.read(stream, place.epoch, place.seq, PAGE);
    if (this.streams.get(stream) !== place) return undefined;
    if (page[0]?.seq !== place.seq + 1) throw resyncRequired();
    this.page = [...page];
    return undefined;
  }

  /** One stream after the other gets its turn, so that a busy room does not keep a quiet one waiting. */
  private handOver(delivery: Delivery): Delivery | undefined {
    const place = this.streams.get(delivery.stream);
    if (place === undefined || delivery.seq !== place.seq + 1) return undefined;
    place.seq += 1;
    this.movedStreams.delete(delivery.stream);
    if (place.membership.hub.head > place.seq) this.movedStreams.add(delivery.stream);
    return delivery;
  }

  private isCaughtUp(): boolean {
    return this.page.length === 0 && this.movedStreams.size === 0 && this.ephemeral.size === 0;
  }

  private async sleep(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.wake = undefined;
  }
}
