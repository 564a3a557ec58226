import { patiently } from "../../platform/wait.js";
import type { EphemeralMessage } from "./feed.actions.js";
import type { Member } from "./feed.hub.js";
import type { Feed, Membership } from "./feed.node.js";
import type { Offer, SharedReader, Taker } from "./feed.offer.js";
import { Pending, type Heard } from "./feed.pending.js";
import { isAboutPerson, type ChatEvent, type Delivery } from "./room-event.js";
import { parseStreamOwner, resyncRequired, type Position, type StreamId } from "./stream.js";

/** A read from the log by one follower that is behind, in events. */
const PAGE = 100;

/** Where a follower stands in one stream. Each event asks for that of each follower: who offers events holds the places. */
class Place implements Taker {
  readonly epoch: string;
  seq: number;
  /** There while the stream is followed: nothing is taken before or after that. */
  membership: Membership | undefined;

  constructor(
    private readonly follower: Follower,
    { epoch, seq }: Position,
  ) {
    this.epoch = epoch;
    this.seq = seq;
  }

  offer(offer: Offer): void {
    if (this.membership !== undefined) this.follower.offer(offer, this);
  }

  moved(stream: StreamId): void {
    if (this.membership !== undefined) this.follower.moved(stream);
  }

  leave(): void {
    this.membership?.leave();
    this.membership = undefined;
  }
}

/**
 * Follows any number of streams: first what was missed, then what happens, each stream's events exactly once and in
 * order. Every stream has a cursor of its own and events are taken from shared memory or the log when the reader asks
 * for the next one, so that a slow reader holds nothing up and no queue grows for it.
 *
 * A reader that shares a view is pushed to as long as nothing keeps it from that: whoever waits for just this event, and
 * sees it as everybody does, is sent the bytes that were made for all. Anybody else is woken, and reads on by `next`.
 */
export class Follower implements Member {
  private readonly streams = new Map<StreamId, Place>();
  /** The streams that have more, in the order in which they get their turn. */
  private readonly behind = new Set<StreamId>();
  private readonly ephemeral = new Pending();
  /** What was heard of people: of each in all the rooms that are shared with them, and told once. */
  private heardOf: WeakSet<ChatEvent> | undefined;
  /** What was read ahead from the log, of one stream. */
  private page: Delivery[] = [];
  private readonly ended = new AbortController();
  /** There while its reader waits for what comes, and all that came before has been handed over. */
  private wake: (() => void) | undefined;
  private readonly onAbort = (): void => this.close();

  constructor(
    private readonly feed: Feed,
    private readonly signal: AbortSignal,
    private readonly shared?: SharedReader,
  ) {
    if (signal.aborted) this.ended.abort();
    else signal.addEventListener("abort", this.onAbort, { once: true });
  }

  private get closed(): boolean {
    return this.ended.signal.aborted;
  }

  /** Starts (or goes on) with a stream after a position. The caller has made sure that it may be read. */
  async add(position: Position): Promise<void> {
    if (this.closed || this.streams.has(position.stream)) return;
    const place = new Place(this, position);
    const membership = await this.join(position.stream, place);
    if (this.closed || this.streams.has(position.stream)) return membership.leave();
    place.membership = membership;
    this.streams.set(position.stream, place);
    if (this.hasMore(position.stream)) this.moved(position.stream);
  }

  /** Stops following a stream at once: nothing of it comes any more. */
  drop(stream: StreamId): void {
    this.streams.get(stream)?.leave();
    this.streams.delete(stream);
    this.behind.delete(stream);
    if (this.page[0]?.stream === stream) this.page = [];
    this.ephemeral.drop(stream);
  }

  /**
   * The next event; undefined once the follower is closed. What may be lost comes after what may not, so that the end
   * of somebody's access is read before what was heard after it.
   * @throws DomainError RESYNC_REQUIRED when a stream can't be read on without a gap
   */
  async next(): Promise<Delivery | undefined> {
    while (!this.closed) {
      const stream = this.nextStream();
      const delivery = stream === undefined ? this.ephemeral.take()?.delivery : await this.takeTurn(stream);
      if (delivery !== undefined) return delivery;
      if (this.behind.size === 0 && this.ephemeral.isEmpty) await this.sleep();
    }
    return undefined;
  }

  /**
   * The next event of one stream, as far as this node knows of one; undefined when there is none.
   * @throws DomainError RESYNC_REQUIRED
   */
  async nextOf(stream: StreamId): Promise<Delivery | undefined> {
    const place = this.streams.get(stream);
    if (place?.membership === undefined) return undefined;
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
    return patiently(this.feed.clock, this.ended.signal, read);
  }

  close(): void {
    if (this.closed) return;
    this.ended.abort();
    this.signal.removeEventListener("abort", this.onAbort);
    for (const place of this.streams.values()) place.leave();
    this.streams.clear();
    this.behind.clear();
    this.ephemeral.clear();
    this.page = [];
    this.wake?.();
  }

  moved(stream: StreamId): void {
    this.behind.add(stream);
    this.wake?.();
  }

  heard({ stream, key, event, snapshots }: EphemeralMessage, epoch: string): void {
    if (this.isNews(event)) this.keep({ key, delivery: { stream, epoch, seq: null, event, snapshots } });
  }

  /** An event that was made for all: taken at once by who waits for just this one, else to be read by `next`. */
  offer(offer: Offer, place: Place): void {
    const { stream, epoch, seq, event } = offer.delivery;
    if (seq === null && !this.isNews(event)) return;
    if (this.takes(offer, place)) place.seq = seq ?? place.seq;
    else if (seq === null) this.keep(offer);
    else if (seq > place.seq || epoch !== place.epoch) this.moved(stream);
  }

  /** Whether it stands right before this event, with everything before it sent, and the bytes could go. */
  private takes({ delivery: { seq, epoch }, bytes, isFor }: Offer, place: Place): boolean {
    const isNext = (seq === null || seq === place.seq + 1) && epoch === place.epoch;
    if (this.shared === undefined || this.wake === undefined || !isNext || !isFor(this.shared.viewerId)) return false;
    return bytes === undefined || this.shared.send(bytes);
  }

  private join(stream: StreamId, place: Place): Promise<Membership> {
    const view = parseStreamOwner(stream).kind === "room" ? this.shared?.view : undefined;
    return view === undefined ? this.feed.join(stream, this) : view.join(stream, place);
  }

  private isNews(event: ChatEvent): boolean {
    if (!isAboutPerson(event)) return true;
    this.heardOf ??= new WeakSet();
    if (this.heardOf.has(event)) return false;
    this.heardOf.add(event);
    return true;
  }

  private keep(heard: Heard): void {
    this.ephemeral.put(heard);
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

  /** One stream after the other gets its turn, so that a busy room does not keep a quiet one waiting. */
  private async takeTurn(stream: StreamId): Promise<Delivery | undefined> {
    const delivery = await this.nextOf(stream);
    this.behind.delete(stream);
    if (this.hasMore(stream)) this.behind.add(stream);
    return delivery;
  }

  private hasMore(stream: StreamId): boolean {
    const place = this.streams.get(stream);
    if (place?.membership === undefined) return false;
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
    if (this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }
}
