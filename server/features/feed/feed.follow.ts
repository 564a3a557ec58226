import { toDomainError } from "../../platform/errors.js";
import type { EphemeralMessage } from "./feed.actions.js";
import type { Member } from "./feed.hub.js";
import type { Feed, Membership } from "./feed.node.js";
import type { Delivery } from "./room-event.js";
import { resyncRequired, type Position, type StreamId } from "./stream.js";

/** A read from the log by one follower that is behind, in events. */
const PAGE = 100;
/** Unread ephemeral events of one follower; the oldest go first. */
const MAX_PENDING_EPHEMERAL = 100;
/** How long a follower waits before it asks a database again that was away. */
const ASK_AGAIN_MS = 1_000;

interface Place {
  seq: number;
  readonly epoch: string;
  readonly membership: Membership;
}

/**
 * Follows any number of streams: first what was missed, then what happens, each stream's events exactly once and in
 * order. Every stream has a cursor of its own and events are taken from shared memory or the log when the reader asks
 * for the next one, so that a slow reader holds nothing up and no queue grows for it.
 */
export class Follower implements Member {
  private readonly streams = new Map<StreamId, Place>();
  /** The streams that have more, in the order in which they get their turn. */
  private readonly behind = new Set<StreamId>();
  private readonly ephemeral = new Map<string, Delivery>();
  /** What was read ahead from the log, of one stream. */
  private page: Delivery[] = [];
  private closed = false;
  private wake: (() => void) | undefined;
  private endPause: (() => void) | undefined;
  private readonly onAbort = (): void => this.close();

  constructor(
    private readonly feed: Feed,
    private readonly signal: AbortSignal,
  ) {
    if (signal.aborted) this.closed = true;
    else signal.addEventListener("abort", this.onAbort, { once: true });
  }

  /** Starts (or goes on) with a stream after a position. The caller has made sure that it may be read. */
  async add(position: Position): Promise<void> {
    if (this.closed || this.streams.has(position.stream)) return;
    const membership = await this.feed.join(position.stream, this);
    if (this.closed || this.streams.has(position.stream)) return membership.leave();
    this.streams.set(position.stream, { seq: position.seq, epoch: position.epoch, membership });
    if (this.hasMore(position.stream)) this.moved(position.stream);
  }

  /** Stops following a stream at once: nothing of it comes any more. */
  drop(stream: StreamId): void {
    this.streams.get(stream)?.membership.leave();
    this.streams.delete(stream);
    this.behind.delete(stream);
    if (this.page[0]?.stream === stream) this.page = [];
    for (const [key, delivery] of this.ephemeral) if (delivery.stream === stream) this.ephemeral.delete(key);
  }

  /**
   * The next event; undefined once the follower is closed. What may be lost comes after what may not, so that the end
   * of somebody's access is read before what was heard after it.
   * @throws DomainError RESYNC_REQUIRED when a stream can't be read on without a gap
   */
  async next(): Promise<Delivery | undefined> {
    while (!this.closed) {
      const stream = this.nextStream();
      const delivery = stream === undefined ? this.nextEphemeral() : await this.takeTurn(stream);
      if (delivery !== undefined) return delivery;
      if (this.behind.size === 0 && this.ephemeral.size === 0) await this.sleep();
    }
    return undefined;
  }

  /**
   * The next event of one stream, as far as this node knows of one; undefined when there is none.
   * @throws DomainError RESYNC_REQUIRED
   */
  async nextOf(stream: StreamId): Promise<Delivery | undefined> {
    const place = this.streams.get(stream);
    if (place === undefined) return undefined;
    const { hub } = place.membership;
    if (hub.epoch !== place.epoch) throw resyncRequired();
    // The log may have had more than the broker has told this node of.
    const readAhead = this.fromPage(stream, place);
    if (readAhead === undefined && !this.hasMore(stream)) return undefined;
    const next = readAhead ?? hub.recent(place.seq + 1) ?? (await this.fromLog(stream, place));
    if (this.streams.get(stream) !== place) return undefined;
    if (next?.seq !== place.seq + 1) throw resyncRequired();
    place.seq += 1;
    return next;
  }

  /** Makes sure that this node knows of everything that is committed to a stream by now, whatever the broker lost. */
  async catchUp(stream: StreamId): Promise<void> {
    await this.patiently(() => this.feed.checkHeads([stream]));
  }

  /**
   * Reads something from the database, again and again while it is away: that is no reason to end a subscription.
   * @returns undefined once the follower is closed
   */
  async patiently<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
    while (!this.closed) {
      try {
        return await read();
      } catch (error) {
        if (toDomainError(error).code !== "UNAVAILABLE") throw error;
      }
      await this.pause();
    }
    return undefined;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.signal.removeEventListener("abort", this.onAbort);
    for (const { membership } of this.streams.values()) membership.leave();
    this.streams.clear();
    this.behind.clear();
    this.ephemeral.clear();
    this.page = [];
    this.wake?.();
    this.endPause?.();
  }

  moved(stream: StreamId): void {
    this.behind.add(stream);
    this.wake?.();
  }

  heard({ stream, key, event, snapshots }: EphemeralMessage, epoch: string): void {
    this.ephemeral.delete(key);
    this.ephemeral.set(key, { stream, epoch, seq: null, event, snapshots });
    const [oldest] = this.ephemeral.keys();
    if (this.ephemeral.size > MAX_PENDING_EPHEMERAL && oldest !== undefined) this.ephemeral.delete(oldest);
    this.wake?.();
  }

  /**
   * Whose turn it is. What was read ahead goes on first; but the log may reach further than this node has heard of,
   * and the rest of the page then waits until it has.
   */
  private nextStream(): StreamId | undefined {
    const [first] = this.page;
    return first !== undefined && this.behind.has(first.stream) ? first.stream : this.behind.values().next().value;
  }

  private nextEphemeral(): Delivery | undefined {
    const [first] = this.ephemeral;
    if (first === undefined) return undefined;
    this.ephemeral.delete(first[0]);
    return first[1];
  }

  /** One stream after the other gets its turn, so that a busy room does not keep a quiet one waiting. */
  private async takeTurn(stream: StreamId): Promise<Delivery | undefined> {
    const delivery = await this.nextOf(stream);
    this.behind.delete(stream);
    if (this.hasMore(stream)) this.behind.add(stream);
    return delivery;
  }

  private hasMore(stream: StreamId): boolean {
    const place = this.streams.get(stream);
    if (place === undefined) return false;
    const { hub } = place.membership;
    return hub.epoch !== place.epoch || hub.head > place.seq;
  }

  private fromPage(stream: StreamId, place: Place): Delivery | undefined {
    const [first] = this.page;
    if (first?.stream !== stream) return undefined;
    if (first.seq !== place.seq + 1) this.page = [];
    return this.page.shift();
  }

  private async fromLog(stream: StreamId, place: Place): Promise<Delivery | undefined> {
    const page = await this.patiently(() => this.feed.read(stream, place.epoch, place.seq, PAGE));
    if (page === undefined || this.streams.get(stream) !== place) return undefined;
    this.page = [...page];
    return this.page.shift();
  }

  /** Until something happens. What has happened already was asked just before, with nothing in between. */
  private sleep(): Promise<void> {
    return this.closed ? Promise.resolve() : new Promise((resolve) => (this.wake = resolve));
  }

  private pause(): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.feed.clock.after(ASK_AGAIN_MS, resolve);
      this.endPause = () => {
        cancel();
        resolve();
      };
    });
  }
}
