import type { Duplex } from "node:stream";
import { systemClock, type Clock } from "../platform/time.js";

/** Who wants to know what becomes of what is sent to a connection. */
export interface Sender {
  /** All that was sent has been given to the system, or waits for it. */
  onHandedOver(): void;
  /** Something that waited is on its way, or never will be. */
  onGone(): void;
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
  /** The connections to which something was sent since the last burst. */
  private held = new Map<Duplex, Sender>();
  private restUntilMs = 0;

  constructor(private readonly clock: Clock) {}

  hold(connection: Duplex, sender: Sender): void {
    if (this.held.has(connection)) return;
    if (this.held.size === 0) this.plan();
    this.held.set(connection, sender);
    connection.cork();
  }

  private plan(): void {
    const release = (): void => this.release();
    const pauseMs = Math.min(this.restUntilMs - this.nowMs(), MAX_HELD_MS);
    if (pauseMs < MIN_PAUSE_MS) setImmediate(release);
    else this.clock.after(pauseMs, release);
  }

  private release(): void {
    const bursts = this.held;
    this.held = new Map();
    const errors: unknown[] = [];
    for (const [connection, sender] of bursts) {
      try {
        handOver(connection, sender);
      } catch (error) {
        // Of one connection: the others would be held for good.
        errors.push(error);
      }
    }
    this.restUntilMs = this.nowMs() + bursts.size * WRITE_MS;
    if (errors.length > 0) throw new AggregateError(errors, "Some connections could not be given what they were sent.");
  }

  private nowMs(): number {
    return this.clock.now().getTime();
  }
}

function handOver(connection: Duplex, sender: Sender): void {
  connection.uncork();
  // The system takes nearly all of them at once. A callback for each frame would cost a third of what the frame costs.
  if (connection.writableLength > 0 && connection.writable) connection.write(NOTHING, sender.onGone);
  sender.onHandedOver();
}

/** Those of this process. */
const bursts = new Bursts(systemClock);

/** Holds what is written to a connection from here on until the next burst. */
export function holdBurst(connection: Duplex, sender: Sender): void {
  bursts.hold(connection, sender);
}
