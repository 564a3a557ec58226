import type { Delivery } from "./room-event.js";

/** The newest events of one stream in memory: what most followers read from. */
export interface Ring {
  /** Appends the event that follows the newest one. */
  push(delivery: Delivery, bytes: number): void;
  /** The event with this seq, if it is still here. */
  at(seq: number): Delivery | undefined;
  /**
   * Lets go of some of the events: whoever wants them reads them from the log. One that can't be looked at is let go of as
   * well, and keeps nobody from going on.
   */
  forget(which: (delivery: Delivery) => boolean): void;
  clear(): void;
}

/** All rings of a node, under one byte budget: the oldest event anywhere makes room for the newest. */
export interface Rings {
  open(): Ring;
  /** What all rings hold together: never more than the budget. */
  readonly usedBytes: number;
}

/** An event in memory, in its ring and in the line of all events of all rings. */
interface Slot {
  readonly ring: Map<number, Slot>;
  readonly seq: number;
  readonly delivery: Delivery;
  readonly bytes: number;
  older: Slot | undefined;
  newer: Slot | undefined;
}

/**
 * An event's turn to go does not depend on how busy its own stream is. Adding, finding and removing one take the same
 * time whatever is kept, and nothing stays behind of a ring that was cleared.
 */
export function createRings(budgetBytes: number): Rings {
  let oldest: Slot | undefined;
  let newest: Slot | undefined;
  let usedBytes = 0;

  function append(slot: Slot): void {
    slot.older = newest;
    if (newest === undefined) oldest = slot;
    else newest.newer = slot;
    newest = slot;
    usedBytes += slot.bytes;
    slot.ring.set(slot.seq, slot);
  }

  function remove(slot: Slot): void {
    if (slot.older === undefined) oldest = slot.newer;
    else slot.older.newer = slot.newer;
    if (slot.newer === undefined) newest = slot.older;
    else slot.newer.older = slot.older;
    usedBytes -= slot.bytes;
    slot.ring.delete(slot.seq);
  }

  return {
    get usedBytes() {
      return usedBytes;
    },
    open() {
      const ring = new Map<number, Slot>();
      return {
        push(delivery, bytes) {
          if (delivery.seq === null) return;
          append({ ring, seq: delivery.seq, delivery, bytes, older: undefined, newer: undefined });
          while (usedBytes > budgetBytes && oldest !== undefined) remove(oldest);
        },
        at: (seq) => ring.get(seq)?.delivery,
        forget(which) {
          for (const slot of ring.values()) if (isOneOf(which, slot.delivery)) remove(slot);
        },
        clear() {
          for (const slot of ring.values()) remove(slot);
        },
      };
    },
  };
}

/** What the broker brings is as whoever published it has made it. */
function isOneOf(which: (delivery: Delivery) => boolean, delivery: Delivery): boolean {
  try {
    return which(delivery);
  } catch {
    return true;
  }
}
