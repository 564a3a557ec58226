import type { Timing } from "./phases.js";
import { MESSAGE_BYTES } from "./plan.js";
import { quantile } from "./report.js";

/** What a message of a run says: which one it is and when it was to be sent. Found in any frame that carries it. */
const MARK = Buffer.from("bench:");
/** Longer than any stamp. */
const STAMP_BYTES = 60;

/** The text of a message: always of the same length. */
export function stampedText(run: number, index: number, atMs: number): string {
  return `bench:${run}:${index}:${atMs.toFixed(3)}:`.padEnd(MESSAGE_BYTES, "lorem ipsum ");
}

/** Where a frame carries a stamped text, or -1. */
export function findStamp(frame: Buffer): number {
  return frame.indexOf(MARK);
}

export interface Stamp {
  readonly run: number;
  readonly index: number;
  readonly atMs: number;
}

export function readStamp(frame: Buffer, at: number): Stamp {
  const [, run, index, atMs] = frame.toString("latin1", at, at + STAMP_BYTES).split(":");
  return { run: Number(run), index: Number(index), atMs: Number(atMs) };
}

export interface Tally {
  readonly expected: number;
  readonly delivered: number;
  readonly lost: number;
  readonly doubled: number;
  /** Deliveries that came to one seat in another order than to the first one of the room. */
  readonly disordered: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Counts one run's deliveries: message `index` goes to room `rooms[index % rooms.length]`, and each seat must get its
 * room's once, in the same order as everybody else. Which order that is, the server says: sends may overtake one
 * another.
 */
export class Deliveries {
  private readonly seen: Uint8Array;
  private readonly places: Uint32Array;
  private readonly orders = new Map<number, number[]>();
  private readonly arrivals: Timing[] = [];
  private doubled = 0;
  private disordered = 0;
  readonly expected: number;

  constructor(
    readonly run: number,
    private readonly messages: number,
    rooms: readonly number[],
    private readonly seatRooms: readonly number[],
  ) {
    const firsts = new Map(rooms.map((room, index) => [room, index]));
    this.seen = new Uint8Array(seatRooms.length * messages);
    this.places = new Uint32Array(seatRooms.length);
    this.expected = seatRooms.reduce((sum, room) => {
      const first = firsts.get(room) ?? messages;
      return sum + Math.max(0, Math.ceil((messages - first) / rooms.length));
    }, 0);
  }

  /** A seat got a frame with this stamp. */
  arrived(seat: number, { index, atMs }: Stamp): void {
    const cell = seat * this.messages + index;
    if (this.seen[cell] === 1) {
      this.doubled += 1;
      return;
    }
    this.seen[cell] = 1;
    this.arrivals.push({ dueMs: atMs, tookMs: performance.now() - atMs });
    this.checkOrder(seat, index);
  }

  get isComplete(): boolean {
    return this.arrivals.length >= this.expected;
  }

  /** Every delivery, but for those that came again. */
  get timings(): readonly Timing[] {
    return this.arrivals;
  }

  tally(): Tally {
    const sorted = Float64Array.from(this.arrivals, ({ tookMs }) => tookMs).toSorted();
    return {
      expected: this.expected,
      delivered: sorted.length,
      lost: this.expected - sorted.length,
      doubled: this.doubled,
      disordered: this.disordered,
      p50Ms: quantile(sorted, 0.5),
      p99Ms: quantile(sorted, 0.99),
    };
  }

  /** Whoever gets a message first says what the order of the room is. */
  private checkOrder(seat: number, index: number): void {
    const room = this.seatRooms[seat] ?? 0;
    const order = this.orders.get(room) ?? [];
    this.orders.set(room, order);
    const place = this.places[seat] ?? 0;
    this.places[seat] = place + 1;
    order[place] ??= index;
    if (order[place] !== index) this.disordered += 1;
  }
}
