import type { Clock } from "../../platform/time.js";

/** What a session needs of a socket, whatever library it is of. */
export interface Wire {
  /** What was sent and is not on its way yet. */
  readonly unsentBytes: number;
  /** Sends one text frame; calls back when it is on its way, or never will be. */
  send(frame: Buffer | string, onGone: () => void): void;
  close(code: number, reason: string): void;
  /** Stops reading what the other side sends, so that it has to wait. */
  pause(): void;
  resume(): void;
}

/** More than this unsent, and nothing more is made for this socket. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** A reader that takes nothing for this long has stopped reading. */
const STALLED_AFTER_MS = 30_000;

/** What goes out to one socket: never more than its reader takes. */
export class Outbox {
  private readonly waiting = new Set<() => void>();
  private disarm = (): void => {};
  private closed = false;

  constructor(
    private readonly wire: Wire,
    private readonly clock: Clock,
    private readonly onStalled: () => void,
  ) {}

  /** Its reader has more to take than it gets. */
  get isFull(): boolean {
    return this.wire.unsentBytes > MAX_UNSENT_BYTES;
  }

  send(frame: Buffer | string): void {
    if (!this.closed) this.wire.send(frame, () => this.progressed());
  }

  /** Resolves when there is room for more, or when it is closed. */
  async room(): Promise<void> {
    if (this.closed || !this.isFull) return;
    const isFirst = this.waiting.size === 0;
    const drained = new Promise<void>((resolve) => this.waiting.add(resolve));
    if (isFirst) this.arm();
    await drained;
  }

  close(): void {
    this.closed = true;
    this.release();
  }

  private progressed(): void {
    if (this.waiting.size === 0) return;
    if (this.isFull) this.arm();
    else this.release();
  }

  private arm(): void {
    this.disarm();
    this.disarm = this.clock.after(STALLED_AFTER_MS, this.onStalled);
  }

  private release(): void {
    this.disarm();
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
