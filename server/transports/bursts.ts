import type { Duplex } from "node:stream";

/** Who wants to know what becomes of what is sent to a connection. */
export interface Sender {
  /** All that was sent has been given to the system, or waits for it. */
  onHandedOver(): void;
  /** Something that waited is on its way, or never will be. */
  onGone(): void;
}

/** The connections to which something was sent in this turn of the event loop. */
const held = new Map<Duplex, Sender>();
const NOTHING = Buffer.alloc(0);

/**
 * Holds what is written to a connection until the end of this turn of the event loop. Then it leaves in one write: many
 * small frames would cost a system call each, here and at the other side. While the loop is idle that is at once.
 */
export function holdBurst(connection: Duplex, sender: Sender): void {
  if (held.has(connection)) return;
  if (held.size === 0) setImmediate(release);
  held.set(connection, sender);
  connection.cork();
}

function release(): void {
  const bursts = [...held];
  held.clear();
  for (const [connection, sender] of bursts) {
    connection.uncork();
    // The system takes nearly all of them at once. A callback for each frame would cost a third of what the frame costs.
    if (connection.writableLength > 0 && connection.writable) connection.write(NOTHING, sender.onGone);
    sender.onHandedOver();
  }
}
