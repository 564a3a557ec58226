import type { Delivery } from "./room-event.js";

/** The newest events of one stream, without holes, in memory: what most followers read from. */
export interface Ring {
  /** Appends the event that follows the newest one. */
  push(delivery: Delivery, bytes: number): void;
  /** The event with this seq, if it is still here. */
  at(seq: number): Delivery | undefined;
  clear(): void;
}

interface Slot {
  readonly ring: Slot[];
  readonly delivery: Delivery;
  readonly bytes: number;
}

/** One byte budget for all rings of a node: the oldest event anywhere makes room for the newest. */
export function createRings(budgetBytes: number): () => Ring {
  /** All slots of all rings, oldest first: an event's turn to go does not depend on how busy its own stream is. */
  let oldestFirst: Slot[] = [];
  let firstAlive = 0;
  let usedBytes = 0;

  function evict(): void {
    while (usedBytes > budgetBytes && firstAlive < oldestFirst.length) {
      const slot = oldestFirst[firstAlive];
      firstAlive += 1;
      if (slot === undefined || slot.ring[0] !== slot) continue;
      slot.ring.shift();
      usedBytes -= slot.bytes;
    }
    if (firstAlive > 1_024 && firstAlive * 2 > oldestFirst.length) {
      oldestFirst = oldestFirst.slice(firstAlive);
      firstAlive = 0;
    }
  }

  return () => {
    const ring: Slot[] = [];
    return {
      push(delivery, bytes) {
        const slot = { ring, delivery, bytes };
        ring.push(slot);
        oldestFirst.push(slot);
        usedBytes += bytes;
        evict();
      },
      at(seq) {
        const first = ring[0]?.delivery.seq;
        return first === undefined || first === null ? undefined : ring[seq - first]?.delivery;
      },
      clear() {
        for (const slot of ring) usedBytes -= slot.bytes;
        ring.length = 0;
      },
    };
  };
}
