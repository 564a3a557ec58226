import type { Clock } from "../../platform/time.js";
import type { EphemeralMessage } from "./feed.actions.js";
import type { Ring } from "./feed.ring.js";
import type { Delivery } from "./room-event.js";
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
  read(stream: StreamId, afterSeq: number): Promise<readonly Delivery[]>;
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
  readonly members = new Set<Member>();
  private readonly active = new Map<string, () => void>();
  private readonly paced = new Map<string, Pace>();
  private healing: Promise<void> | undefined;
  private epochs: string;
  /** How far the log is known to reach. */
  private known: number;

  constructor(
    readonly stream: StreamId,
    epoch: string,
    private seq: number,
    private readonly ring: Ring,
    private readonly log: LogReader,
    private readonly clock: Clock,
  ) {
    this.epochs = epoch;
    this.known = seq;
  }

  get head(): number {
    return this.seq;
  }

  get epoch(): string {
    return this.epochs;
  }

  /** The event at `seq`, if it is still in memory. */
  recent(seq: number): Delivery | undefined {
    return this.ring.at(seq);
  }

  /** A numbered event from the broker. */
  receive(delivery: Delivery, bytes: number): void {
    if (delivery.seq === null || delivery.seq <= this.seq) return;
    if (delivery.epoch !== this.epochs) return this.restart(delivery.epoch, delivery.seq);
    if (delivery.seq > this.seq + 1) return this.hint(delivery.seq);
    this.append(delivery, bytes);
    this.wake();
  }

  /** The broker says that the log reaches to `seq`. If it can't be read now, the next look at what moved heals. */
  hint(seq: number): void {
    this.heal(seq).catch(() => {});
  }

  /** Somebody has seen that the log reaches at least to `seq`: what is missing up to there is read, once for all. */
  heal(seq: number): Promise<void> {
    if (seq <= this.seq) return Promise.resolve();
    this.known = Math.max(this.known, seq);
    this.healing ??= this.readOn().finally(() => {
      this.healing = undefined;
    });
    return this.healing;
  }

  /** An event that may be lost. One that ends by itself is remembered until then, and its repetitions are swallowed. */
  hear(message: EphemeralMessage): void {
    const cancel = this.active.get(message.key);
    cancel?.();
    this.active.delete(message.key);
    if (message.ends === true && cancel === undefined) return;
    if (message.pace !== undefined) return this.slowly(message, message.pace);
    if (message.expires !== undefined) this.expect(message, message.expires);
    if (message.expires === undefined || cancel === undefined) this.tell(message);
  }

  close(): void {
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
    for (const member of this.members) member.heard(message, this.epochs);
  }

  private append(delivery: Delivery, bytes: number): void {
    this.seq += 1;
    this.known = Math.max(this.known, this.seq);
    this.ring.push(delivery, bytes);
  }

  private async readOn(): Promise<void> {
    while (this.seq < this.known) {
      const missed = await this.log.read(this.stream, this.seq);
      const next = missed.filter((delivery) => delivery.seq !== null && delivery.seq > this.seq);
      if (next.length === 0) return;
      if (next[0]?.seq !== this.seq + 1) return this.restart(this.epochs, this.known);
      for (const delivery of next) this.append(delivery, JSON.stringify(delivery).length);
    }
    this.wake();
  }

  /** The stream is not the one it was, or its log no longer reaches back: followers find out when they read on. */
  private restart(epoch: string, seq: number): void {
    this.epochs = epoch;
    this.seq = seq;
    this.known = seq;
    this.ring.clear();
    this.wake();
  }

  private wake(): void {
    for (const member of this.members) member.moved(this.stream);
  }
}
