import type { Clock } from "../platform/time.js";
import type { Sender } from "./bursts.js";
import type { SharedFrame } from "./shared-frame.js";

/** What a conversation needs of a socket, whatever library it is of. */
export interface Wire {
  /** What was sent and is not on its way yet. */
  readonly unsentBytes: number;
  /** What was sent and is on its way, of all that ever was. */
  readonly goneBytes: number;
  /** Sets who is told what becomes of what is sent: all of it soon after it was. */
  tell(sender: Sender): void;
  /** Sends one text frame, unless the socket is closing. */
  send(frame: Buffer | string): void;
  /** As `send`, without a copy of what is shared; false when the socket is closing, and nothing was sent. */
  sendShared(frame: SharedFrame): boolean;
  close(code: number, reason: string): void;
  /** Ends it without a word. */
  terminate(): void;
  /** Stops reading what the other side sends, so that it has to wait, until it is resumed as often. */
  pause(): void;
  resume(): void;
}

/** More than this unsent, and nothing more is sent that others get as well, and nothing more is heard. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** More than this unsent, and nothing more is made for this socket alone: enough for its next write. */
const MAX_OWN_BYTES = 64 * 1024;
/** A reader that takes nothing for this long has stopped reading. */
const STALLED_AFTER_MS = 30_000;
/** Whether something has left is looked at so often: a call for each part that leaves would come only when all behind it has. */
const LOOK_EVERY_MS = 1_000;
/** How long one that has stopped has to read on and say goodbye: what it did not read is held for it until then. */
const GOODBYE_MS = 3_000;

/**
 * What goes out to one socket: never more than its reader takes. While too much is unsent the socket is not read either,
 * so that a client which asks and asks, and does not read the answers, waits for itself.
 */
export class Outbox implements Sender {
  private readonly waiting = new Set<() => void>();
  /** Set while something is unsent. */
  private disarm: (() => void) | undefined;
  private isHolding = false;
  /** Something was left when all had been handed over: what merely rests until the next burst waits for nobody. */
  private hasLeftovers = false;
  private closed = false;

  constructor(
    private readonly wire: Wire,
    private readonly clock: Clock,
    /** Its reader has stopped reading: to be closed. */
    private readonly onStalled: () => void,
  ) {
    wire.tell(this);
  }

  /** Something waits for its reader: an answer to a ping would have to wait as well. */
  get isBehind(): boolean {
    return this.hasLeftovers;
  }

  /** Sends a frame. Who makes many waits for `room` after each. */
  send(frame: Buffer | string): void {
    if (this.closed) return;
    this.wire.send(frame);
    // Answers that are made in one turn of the event loop are no fewer for that.
    if (this.hasMoreThan(MAX_UNSENT_BYTES)) this.hold(true);
  }

  /** Sends a frame that many get, if its reader takes more just now; false when it does not, and nothing was sent. */
  offer(frame: SharedFrame): boolean {
    return !this.closed && !this.hasMoreThan(MAX_UNSENT_BYTES) && this.wire.sendShared(frame);
  }

  /** Resolves when there is room for more, or when it is closed. */
  async room(): Promise<void> {
    if (this.closed || !this.hasMoreThan(MAX_OWN_BYTES)) return;
    await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  onHandedOver(): void {
    this.look();
  }

  onGone(): void {
    this.unwatch();
    this.look();
  }

  close(): void {
    this.closed = true;
    this.unwatch();
    this.letOn();
    this.hold(false);
  }

  private hasMoreThan(bytes: number): boolean {
    return this.wire.unsentBytes > bytes;
  }

  /** A socket that takes what it is given costs no timer, and is looked at once. */
  private look(): void {
    const { unsentBytes } = this.wire;
    this.hasLeftovers = unsentBytes > 0;
    if (this.closed) return;
    if (unsentBytes <= MAX_OWN_BYTES) this.letOn();
    this.hold(unsentBytes > MAX_UNSENT_BYTES);
    // What was sent while leftovers went was counted as such, and nothing is heard of it once the system takes it at once.
    if (!this.hasLeftovers) this.unwatch();
    else if (this.disarm === undefined) this.watch(this.wire.goneBytes, 0);
  }

  private unwatch(): void {
    this.disarm?.();
    this.disarm = undefined;
  }

  private watch(goneBytes: number, quietForMs: number): void {
    this.disarm = this.clock.after(LOOK_EVERY_MS, () => {
      const isQuiet = this.wire.goneBytes === goneBytes;
      const nowQuietForMs = isQuiet ? quietForMs + LOOK_EVERY_MS : 0;
      if (nowQuietForMs >= STALLED_AFTER_MS) this.giveUp();
      else this.watch(this.wire.goneBytes, nowQuietForMs);
    });
  }

  private letOn(): void {
    if (this.waiting.size === 0) return;
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }

  /** Does not read the socket meanwhile. */
  private hold(isHolding: boolean): void {
    if (this.isHolding === isHolding) return;
    this.isHolding = isHolding;
    if (isHolding) this.wire.pause();
    else this.wire.resume();
  }

  private giveUp(): void {
    this.onStalled();
    this.close();
    this.clock.after(GOODBYE_MS, () => this.wire.terminate());
  }
}
