import type { Duplex } from "node:stream";
import { systemClock, type Clock } from "../platform/time.js";

/** Who wants to know what becomes of what is sent to a connection. */
export interface Sender {
  /** All that was sent has been given to the system, or waits for it. */
  onHandedOver(): void;
  /** Something that waited is on its way, or never will be. */
  onGone(): void;
}

/** What goes out to a connection, and who is told what becomes of it. */
export class Outgoing<Connection extends Duplex = Duplex> {
  sender: Sender = { onHandedOver() {}, onGone() {} };
  /** Something was sent since the last burst. */
  isHeld = false;

  constructor(readonly connection: Connection) {}
}

/** About what it takes to give one connection's bytes to the system. */
const WRITE_MS = 0.01;
/** The longest that anything is held. */
export const MAX_HELD_MS = 10;
/** A shorter pause is none: timers have whole milliseconds. */
const MIN_PAUSE_MS = 1;
const NOTHING = Buffer.alloc(0);

/**
 * Holds what is written to connections until the end of this turn of the event loop. Then it leaves in one write: many
 * small frames would cost a system call each, here and at the other side. While little is sent that is at once. After a
 * burst to many connections the next one comes no sooner than after as long as that one took, and at most 10 ms: what
 * happens faster than everybody can be told leaves together.
 */
export class Bursts {
  private held: Outgoing[] = [];
  private restUntilMs = 0;

  constructor(private readonly clock: Clock) {}

  hold(outgoing: Outgoing): void {
    if (outgoing.isHeld) return;
    if (this.held.length === 0) this.plan();
    this.held.push(outgoing);
    outgoing.isHeld = true;
    outgoing.connection.cork();
  }

  private plan(): void {
    const release = (): void => this.release();
    const pauseMs = Math.min(this.restUntilMs - this.nowMs(), MAX_HELD_MS);
    if (pauseMs < MIN_PAUSE_MS) setImmediate(release);
    else this.clock.after(pauseMs, release);
  }

  private release(): void {
    const burst = this.held;
    this.held = [];
    const errors: unknown[] = [];
    for (const outgoing of burst) {
      try {
        handOver(outgoing);
      } catch (error) {
        // Of one connection: the others would be held for good.
        errors.push(error);
      }
    }
    this.restUntilMs = this.nowMs() + burst.length * WRITE_MS;
    if (errors.length > 0) throw new AggregateError(errors, "Some connections could not be given what they were sent.");
  }

  private nowMs(): number {
    return this.clock.now().getTime();
  }
}

function handOver(outgoing: Outgoing): void {
  const { connection, sender } = outgoing;
  outgoing.isHeld = false;
  connection.uncork();
  // The system takes nearly all of them at once. A callback for each frame would cost a third of what the frame costs.
  if (connection.writableLength > 0 && connection.writable) connection.write(NOTHING, () => sender.onGone());
  sender.onHandedOver();
}

/** Those of this process. */
const bursts = new Bursts(systemClock);

/** Holds what is written to a connection from here on until the next burst. */
export function holdBurst(outgoing: Outgoing): void {
  bursts.hold(outgoing);
}
