import type { SqlEntityManager } from "@mikro-orm/sql";
import type { Logger } from "pino";
import { DomainError } from "../../platform/errors.js";
import { warnOf } from "../../platform/outage.js";
import type { PubSub } from "../../platform/pubsub/pubsub.js";
import type { Clock } from "../../platform/time.js";
import { topicOf } from "./feed.actions.js";
import { Hub, type LogReader, type Member } from "./feed.hub.js";
import { parseFeedMessage } from "./feed.message.js";
import { checkOrigin } from "./feed.origin.js";
import { entriesAfter, headOf, headsOf, movedStreams } from "./feed.queries.js";
import { createRings } from "./feed.ring.js";
import { narrowSnapshots, type Delivery, type DurableEvent, type Snapshots } from "./room-event.js";
import { resyncRequired, type StreamId } from "./stream.js";

export interface FeedDependencies {
  /** A fresh entity manager for one read. */
  readonly fork: () => SqlEntityManager;
  readonly pubsub: PubSub;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Reads the people and messages that events name. */
  readonly snapshots: (em: SqlEntityManager, events: readonly DurableEvent[]) => Promise<Snapshots>;
}

/** A place among a stream's followers on this node. */
export interface Membership {
  readonly hub: Hub;
  leave(): void;
}

/** This node's part of the feed: one hub for each stream that somebody here follows. */
export interface Feed {
  readonly clock: Clock;
  /** @throws DomainError RESYNC_REQUIRED when there is no such stream, UNAVAILABLE when the node is stopping */
  join(stream: StreamId, member: Member): Promise<Membership>;
  /**
   * The events after `seq` from the log, in order, with what they name.
   * @throws DomainError RESYNC_REQUIRED when the stream has another epoch by now
   */
  read(stream: StreamId, epoch: string, afterSeq: number, limit?: number): Promise<readonly Delivery[]>;
  /** The hubs of these streams, as far as somebody here follows them. */
  hubsOf(streams: readonly StreamId[]): readonly Hub[];
  /** Asks the log which streams have moved, and heals those that are followed here. */
  checkMoved(): Promise<void>;
  /** Asks the log where these streams stand, if they are followed here, and heals them: what it costs grows with them. */
  checkHeads(streams: readonly StreamId[]): Promise<void>;
  close(): Promise<void>;
}

const RING_BUDGET_BYTES = 64 * 1024 * 1024;
const PAGE = 500;
/**
 * How often a node asks which streams moved: the safety net for a broker message that was lost, and for some seconds all
 * there is when the broker hangs. What it finds shall be out within a second.
 */
const CHECK_EVERY_MS = 750;
/** The same while there is no broker, and this is all there is. */
const CHECK_WHILE_AWAY_MS = 250;
/** Longer than any statement may run: an entry has its time before it is committed. */
const CHECK_MARGIN_MS = 12_000;
/**
 * One look in so many asks where every followed stream stands, and depends on no clock: for an entry that took longer
 * than the margin to be committed, and for a log that was emptied.
 */
const CHECK_ALL_EVERY = 30;

interface Seat {
  readonly hub: Promise<Hub>;
  readonly end: () => Promise<void>;
  /** Members and joins under way: the seat is given up when both are none. */
  claims: number;
}

/** Opens this node's feed. It does nothing until somebody follows a stream. */
export function createFeed(dependencies: FeedDependencies): Feed {
  const node = new FeedNode(dependencies);
  return {
    clock: dependencies.clock,
    join: (stream, member) => node.join(stream, member),
    read: (stream, epoch, afterSeq, limit) => node.read(stream, epoch, afterSeq, limit),
    hubsOf: (streams) => node.hubsOf(streams),
    checkMoved: () => node.checkMoved(),
    checkHeads: (streams) => node.checkHeads(streams),
    close: () => node.close(),
  };
}

class FeedNode {
  private readonly rings = createRings(RING_BUDGET_BYTES);
  private readonly seats = new Map<StreamId, Seat>();
  private readonly open = new Map<StreamId, Hub>();
  private readonly log: LogReader = {
    read: (stream, afterSeq) => this.readLog(stream, afterSeq, PAGE),
    head: (stream) => headOf(this.dependencies.fork(), stream),
  };
  /** The database's time at the last look. */
  private since: string | undefined;
  /** The database's, at the last look. */
  private epoch: string | undefined;
  private looks = 0;
  /** The last look failed. */
  private isBlind = false;
  private stopTimer = (): void => {};
  private closed = false;

  private readonly stopWaiting: () => void;

  constructor(private readonly dependencies: FeedDependencies) {
    // What was published while this node was deaf is found at once.
    this.stopWaiting = dependencies.pubsub.onReturn(() => void this.look());
  }

  async join(stream: StreamId, member: Member): Promise<Membership> {
    if (this.closed) throw new DomainError("UNAVAILABLE", "This server is stopping. Connect again.");
    const seat = this.take(stream);
    seat.claims += 1;
    try {
      const hub = await seat.hub;
      // One of its own for each membership, so that leaving one leaves no other.
      const place: Member = {
        moved: (moved) => member.moved(moved),
        heard: (message, epoch) => member.heard(message, epoch),
      };
      hub.members.add(place);
      let left = false;
      const leave = (): void => {
        if (left) return;
        left = true;
        hub.members.delete(place);
        this.giveUp(stream, seat);
      };
      return { hub, leave };
    } catch (error) {
      this.forget(stream, seat);
      throw error;
    }
  }

  async read(stream: StreamId, epoch: string, afterSeq: number, limit = PAGE): Promise<readonly Delivery[]> {
    const deliveries = await this.readLog(stream, afterSeq, limit);
    if (deliveries.some((delivery) => delivery.epoch !== epoch)) throw resyncRequired();
    return deliveries;
  }

  hubsOf(streams: readonly StreamId[]): readonly Hub[] {
    return streams.flatMap((stream) => this.open.get(stream) ?? []);
  }

  async checkMoved(): Promise<void> {
    if (this.open.size === 0) return;
    const moved = await movedStreams(this.dependencies.fork(), this.since, CHECK_MARGIN_MS);
    this.since = moved.now;
    // Cursors of another database mean nothing in this one: everybody is told to take a fresh snapshot.
    const epoch = moved.isAnother ? await checkOrigin(this.dependencies.fork()) : moved.epoch;
    const isAnother = moved.isAnother || (this.epoch !== undefined && this.epoch !== epoch);
    this.epoch = epoch;
    if (isAnother)
      this.dependencies.logger.warn(
        { epoch },
        "the database is another one than before (restored?): a new epoch begins",
      );
    for (const { stream, epoch, seq } of moved.heads) this.open.get(stream)?.learn(epoch, seq);
    this.looks += 1;
    if (isAnother || this.looks % CHECK_ALL_EVERY === 0) await this.checkHeads([...this.open.keys()]);
    // All of them: one that could not be healed the last time still knows that it is behind.
    await Promise.all([...this.open.values()].map((hub) => hub.heal()));
  }

  async checkHeads(streams: readonly StreamId[]): Promise<void> {
    const followed = this.hubsOf(streams);
    const heads = await headsOf(
      this.dependencies.fork(),
      followed.map((hub) => hub.stream),
    );
    for (const { stream, epoch, seq } of heads) this.open.get(stream)?.learn(epoch, seq);
    await Promise.all(followed.map((hub) => hub.heal()));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stopTimer();
    this.stopWaiting();
    const ending = [...this.seats.values()].map((seat) => seat.end().catch(() => {}));
    this.seats.clear();
    for (const hub of this.open.values()) hub.close();
    this.open.clear();
    await Promise.all(ending);
  }

  private async readLog(stream: StreamId, afterSeq: number, limit: number): Promise<readonly Delivery[]> {
    const em = this.dependencies.fork();
    const entries = await entriesAfter(em, stream, afterSeq, limit);
    if (entries.length === 0) return [];
    const snapshots = await this.dependencies.snapshots(
      em,
      entries.map((entry) => entry.event),
    );
    const narrow = narrowSnapshots(snapshots);
    return entries.map(({ epoch, seq, event }) => ({ stream, epoch, seq, event, snapshots: narrow(event) }));
  }

  private take(stream: StreamId): Seat {
    const known = this.seats.get(stream);
    if (known !== undefined) return known;
    const opening = this.openHub(stream);
    const seat: Seat = { hub: opening.then(({ hub }) => hub), end: async () => (await opening).end(), claims: 0 };
    this.seats.set(stream, seat);
    if (this.seats.size === 1) this.startTimer();
    return seat;
  }

  /** Listens first and reads the head then, so that nothing falls between the two. */
  private async openHub(stream: StreamId): Promise<{ hub: Hub; end: () => Promise<void> }> {
    const early: string[] = [];
    let deliver = (message: string): void => void early.push(message);
    const end = await this.dependencies.pubsub.subscribe(topicOf(stream), (message) => deliver(message));
    try {
      const head = await headOf(this.dependencies.fork(), stream);
      if (head === undefined) throw resyncRequired();
      const hub = new Hub(head, this.rings.open(), this.log, this.dependencies.clock);
      deliver = (message) => this.receive(hub, message);
      for (const message of early) deliver(message);
      if (this.closed) hub.close();
      else this.open.set(stream, hub);
      return { hub, end };
    } catch (error) {
      deliver = () => {};
      await this.endQuietly(stream, end);
      throw error;
    }
  }

  /** A message that can't be understood (another version's, a stranger's) is as good as lost: the log has the truth. */
  private receive(hub: Hub, message: string): void {
    try {
      const parsed = parseFeedMessage(message, hub.stream);
      if ("ephemeral" in parsed) hub.hear(parsed.ephemeral);
      else if ("hint" in parsed) hub.hint(parsed.hint.epoch, parsed.hint.seq);
      else hub.receive(parsed.delivery, message.length);
    } catch (error) {
      this.dependencies.logger.warn({ err: error, stream: hub.stream }, "a broker message could not be understood");
    }
  }

  private giveUp(stream: StreamId, seat: Seat): void {
    seat.claims -= 1;
    if (seat.claims > 0 || this.seats.get(stream) !== seat) return;
    this.open.get(stream)?.close();
    this.open.delete(stream);
    this.forget(stream, seat);
    void this.endQuietly(stream, seat.end);
  }

  private forget(stream: StreamId, seat: Seat): void {
    if (this.seats.get(stream) === seat) this.seats.delete(stream);
    if (this.seats.size > 0) return;
    this.stopTimer();
    // Who follows next reads where the stream stands then: there is no need to look back to before.
    this.since = undefined;
  }

  private async endQuietly(stream: StreamId, end: () => Promise<void>): Promise<void> {
    await end().catch((error: unknown) =>
      this.dependencies.logger.debug({ err: error, stream }, "unsubscribing failed"),
    );
  }

  private startTimer(): void {
    this.stopTimer();
    const { clock, pubsub } = this.dependencies;
    this.stopTimer = clock.after(pubsub.isConnected ? CHECK_EVERY_MS : CHECK_WHILE_AWAY_MS, () => {
      void this.look().then(() => this.seats.size > 0 && this.startTimer());
    });
  }

  /** It never fails; what stands in its way is logged once, until it is over. */
  private async look(): Promise<void> {
    const { logger } = this.dependencies;
    try {
      await this.checkMoved();
      if (this.isBlind) logger.debug("which streams moved can be asked again");
      this.isBlind = false;
    } catch (error) {
      if (!this.isBlind) warnOf(logger, error, "could not ask which streams moved; asking again");
      this.isBlind = true;
    }
  }
}
