import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../demo/demo-random.js";

/** What lies on a way, in both directions and on every connection; `{}`: nothing. */
export interface Weather {
  /** Every byte comes so much later. */
  readonly latencyMs?: number;
  /** No more than this gets through, of each connection and direction. */
  readonly bytesPerSecond?: number;
  /** Nothing gets through: whoever sends is held up by and by, and nobody is told. */
  readonly isStalled?: boolean;
  /** Bytes come in pieces of one to three, each by itself. */
  readonly isSliced?: boolean;
  /** What comes is lost, towards clients or both ways, and nobody is told; a connection that has lost something stays lost. */
  readonly swallows?: "answers" | "everything";
  /** New connections are reset. */
  readonly isRefusing?: boolean;
}

/** What a lane looks at and tells. */
export interface Surroundings {
  readonly weather: Weather;
  readonly random: Random;
  /** So many bytes have come. */
  readonly onBytes: (count: number, isSwallowed: boolean) => void;
}

/** The two sockets of one direction; what goes back to the client is its answers. */
export interface Way {
  readonly from: Socket;
  readonly to: Socket;
  readonly isAnswers: boolean;
}

/** Whoever has sent so much that has not got through is read no more. */
const MAX_WAITING_BYTES = 256 * 1024;
const MAX_SLICE_BYTES = 3;
/** So much of a large chunk is sliced; the rest follows whole, or it would take minutes. */
const MAX_SLICES = 60;

interface Waiting {
  readonly bytes: Buffer;
  readonly dueMs: number;
}

/** One direction of one connection: what comes from one socket goes to the other one, through the weather there is. */
export class Lane {
  private readonly waiting: Waiting[] = [];
  private waitingBytes = 0;
  private isPassing = false;
  private isLost = false;
  private hasEnded = false;
  private wake: () => void = () => {};

  constructor(
    private readonly way: Way,
    readonly look: () => Surroundings,
  ) {
    const { from, to } = way;
    this.heed();
    from.on("data", (bytes: Buffer) => this.take(bytes));
    from.once("end", () => {
      this.hasEnded = true;
      if (!this.isPassing) to.end();
    });
  }

  /** The weather has changed. */
  resume(): void {
    this.heed();
    this.wake();
  }

  private heed(): void {
    const { swallows } = this.look().weather;
    if (swallows === "everything" || (swallows === "answers" && this.way.isAnswers)) this.isLost = true;
  }

  private take(bytes: Buffer): void {
    this.look().onBytes(bytes.length, this.isLost);
    if (this.isLost) return;
    const { latencyMs = 0 } = this.look().weather;
    this.waiting.push({ bytes, dueMs: performance.now() + latencyMs });
    this.waitingBytes += bytes.length;
    if (this.waitingBytes > MAX_WAITING_BYTES) this.way.from.pause();
    if (!this.isPassing) void this.pass();
  }

  private async pass(): Promise<void> {
    this.isPassing = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      while (this.look().weather.isStalled === true) await this.change();
      const earlyMs = next.dueMs - performance.now();
      if (earlyMs > 0) await pause(earlyMs);
      for (const piece of this.slice(next.bytes)) await this.write(piece);
      this.waitingBytes -= next.bytes.length;
      if (this.waitingBytes <= MAX_WAITING_BYTES) this.way.from.resume();
    }
    this.isPassing = false;
    if (this.hasEnded) this.way.to.end();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  private *slice(bytes: Buffer): Generator<Buffer> {
    const { weather, random } = this.look();
    let at = 0;
    for (let slices = 0; weather.isSliced === true && slices < MAX_SLICES && at < bytes.length; slices += 1) {
      const end = at + random.between(1, MAX_SLICE_BYTES);
      yield bytes.subarray(at, end);
      at = end;
    }
    if (at < bytes.length) yield bytes.subarray(at);
  }

  private async write(bytes: Buffer): Promise<void> {
    const { bytesPerSecond, isSliced } = this.look().weather;
    if (!this.way.to.writable) return;
    const isRoom = this.way.to.write(bytes);
    if (bytesPerSecond !== undefined) await pause((bytes.length / bytesPerSecond) * 1_000);
    // A turn of the loop lets each piece leave as a packet of its own.
    if (isSliced === true) await new Promise((resolve) => setImmediate(resolve));
    if (!isRoom && !this.way.to.destroyed) await this.drained();
  }

  /** There is room again, or nobody left. */
  private drained(): Promise<void> {
    const { to } = this.way;
    return new Promise((resolve) => {
      const go = (): void => {
        to.off("drain", go).off("close", go);
        resolve();
      };
      to.on("drain", go).on("close", go);
    });
  }
}
