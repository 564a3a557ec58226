import type { Clock } from "../../platform/time.js";
import type { EphemeralMessage } from "./feed.actions.js";
import type { Head } from "./feed.queries.js";
import type { Ring } from "./feed.ring.js";
import { carriesAttachment, carriesMessage, type Delivery } from "./room-event.js";
import type { StreamId } from "./stream.js";

/** Somebody on this node who follows a stream. Both calls only wake it: it reads at its own pace. */
export interface Member {
  /** The stream's head has moved. */
  moved(stream: StreamId): void;
  /** Something happened that may be lost. */
  heard(message: EphemeralMessage, epoch: string): void;
}

/** How a hub reads what it missed. */
export interface LogReader {
  /** The events after `afterSeq`, in order; each bears the epoch that the stream has now. */
  read(stream: StreamId, afterSeq: number): Promise<readonly Delivery[]>;
  /** Where the stream stands now. */
  head(stream: StreamId): Promise<Head | undefined>;
}

interface Pace {
  readonly waiting: Map<string, EphemeralMessage>;
  readonly cancel: () => void;
}

/** How many paced events may wait; they may be lost. */
const MAX_PACED = 20;

/**
 * One stream that somebody on this node follows: its head, its newest events, and who waits for more. Messages from
 * the broker may come late, twice, in another order or not at all: what is known is taken from the ring of events
 * that follow one another without a hole, and holes are filled from the log.
 */
export class Hub {
  readonly stream: StreamId;
  readonly members = new Set<Member>();
  private readonly active = new Map<string, () => void>();
  private readonly paced = new Map<string, Pace>();
  private healing: Promise<void> | undefined;
  private seq: number;
  private streamEpoch: string;
  /** How far the log is said to reach. */
  private known: number;
  /** Somebody spoke of this stream in another epoch: the log must say which one is now. */
  private doubted = false;
  private closed = false;

  constructor(
    start: Head,
    private readonly ring: Ring,
    private readonly log: LogReader,
    private readonly clock: Clock,
  ) {
    this.stream = start.stream;
    this.streamEpoch = start.epoch;
    this.seq = start.seq;
    this.known = start.seq;
  }

  get head(): number {
    return this.seq;
  }

  get epoch(): string {
    return this.streamEpoch;
  }

  /** The event at `seq`, if it is still in memory. */
  recent(seq: number): Delivery | undefined {
    return this.ring.at(seq);
  }

  /** A numbered event from the broker. */
  receive(delivery: Delivery, bytes: number): void {
    if (this.closed || delivery.seq === null) return;
    if (delivery.epoch !== this.streamEpoch || delivery.seq > this.seq + 1)
      return this.hint(delivery.epoch, delivery.seq);
    if (delivery.seq <= this.seq) return;
    this.append(delivery, bytes);
    this.wake();
  }

  /** The broker says that the log reaches to `seq`. If it can't be read now, the next look at what moved heals. */
  hint(epoch: string, seq: number): void {
    this.learn(epoch, seq);
    this.heal().catch(() => {});
  }

  /** Somebody has seen that the log reaches at least to `seq`. It is kept in mind until it has been read. */
  learn(epoch: string, seq: number): void {
    if (epoch !== this.streamEpoch) this.doubted = true;
    else this.known = Math.max(this.known, seq);
  }

  /** Reads what is known to be missing, once for all who ask meanwhile. */
  heal(): Promise<void> {
    if (!this.isBehind()) return Promise.resolve();
    this.healing ??= this.readOn();
    return this.healing;
  }

  /** An event that may be lost. One that ends by itself is remembered until then, and its repetitions are swallowed. */
  hear(message: EphemeralMessage): void {
    if (this.closed) return;
    const cancel = this.active.get(message.key);
    cancel?.();
    this.active.delete(message.key);
    if (message.ends === true && cancel === undefined) return;
    if (message.pace !== undefined) return this.slowly(message, message.pace);
    if (message.expires !== undefined) this.expect(message, message.expires);
    if (message.expires === undefined || cancel === undefined) this.tell(message);
  }

  /** Lets go of everything. What still arrives is ignored. */
  close(): void {
    this.closed = true;
    for (const cancel of this.active.values()) cancel();
    for (const { cancel } of this.paced.values()) cancel();
    this.active.clear();
    this.paced.clear();
    this.ring.clear();
  }

  private expect(message: EphemeralMessage, expires: NonNullable<EphemeralMessage["expires"]>): void {
    const cancel = this.clock.after(expires.afterMs, () => {
      this.active.delete(message.key);
      this.tell({ stream: message.stream, key: message.key, snapshots: message.snapshots, event: expires.event });
    });
    this.active.set(message.key, cancel);
  }

  /** The first is told at once, the newest of each key that comes meanwhile one after the other. */
  private slowly(message: EphemeralMessage, { group, everyMs }: NonNullable<EphemeralMessage["pace"]>): void {
    const pace = this.paced.get(group);
    if (pace !== undefined) {
      pace.waiting.delete(message.key);
      if (pace.waiting.size < MAX_PACED) pace.waiting.set(message.key, message);
      return;
    }
    this.tell(message);
    const waiting = new Map<string, EphemeralMessage>();
    const cancel = this.clock.after(everyMs, () => {
      this.paced.delete(group);
      for (const next of waiting.values()) this.slowly(next, { group, everyMs });
    });
    this.paced.set(group, { waiting, cancel });
  }

  private tell(message: EphemeralMessage): void {
    for (const member of this.members) member.heard(message, this.streamEpoch);
  }

  private append(delivery: Delivery, bytes: number): void {
    const { event } = delivery;
    // The words of a deleted message are taken out of the log; they must not live on here.
    if (event.kind === "message_deleted") this.ring.forget((earlier) => carriesMessage(earlier, event.messageId));
    // The addresses that these would show have ended; the log is read with those that hold.
    if (event.kind === "participant_removed") this.ring.forget(carriesAttachment);
    this.ring.push(delivery, bytes);
    // Last: a head stands for what is there to be read.
    this.seq += 1;
    this.known = Math.max(this.known, this.seq);
  }

  private isBehind(): boolean {
    return !this.closed && (this.doubted || this.seq < this.known);
  }

  private async readOn(): Promise<void> {
    try {
      while (this.isBehind()) {
        const missed = this.doubted ? [] : await this.log.read(this.stream, this.seq);
        // Meanwhile the broker may have brought some of them.
        const next = missed.filter((delivery) => delivery.seq !== null && delivery.seq > this.seq);
        const [first] = next;
        if (first === undefined && missed.length > 0) continue;
        if (first?.seq === this.seq + 1 && first.epoch === this.streamEpoch) this.appendAll(next);
        else await this.startOver();
      }
    } finally {
      // At once after the last look at `isBehind`: what is learned from now on starts another reading.
      this.healing = undefined;
    }
  }

  private appendAll(deliveries: readonly Delivery[]): void {
    if (this.closed) return;
    for (const delivery of deliveries) this.append(delivery, JSON.stringify(delivery).length);
    this.wake();
  }

  /**
   * The log does not continue where this hub stands: the stream is not the one it was, or the log no longer reaches
   * back, or it does not reach as far as somebody said. Followers read on from the log, and learn there whether they can.
   */
  private async startOver(): Promise<void> {
    const head = await this.log.head(this.stream);
    this.doubted = false;
    const isSame = head === undefined || head.epoch === this.streamEpoch;
    if (head === undefined || (isSame && head.seq <= this.seq)) {
      this.known = this.seq;
      return;
    }
    this.known = isSame ? Math.max(this.known, head.seq) : head.seq;
    this.streamEpoch = head.epoch;
    this.seq = head.seq;
    this.ring.clear();
    this.wake();
  }

  private wake(): void {
    for (const member of this.members) member.moved(this.stream);
  }
}
