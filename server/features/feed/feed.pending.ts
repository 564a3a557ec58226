import type { Delivery } from "./room-event.js";
import type { StreamId } from "./stream.js";

/** How many events that may be lost wait for one reader; the oldest go first. */
const MAX_PENDING = 100;

/** An event that may be lost, and the key under which a newer one replaces it. */
export interface Heard {
  readonly key: string;
  readonly delivery: Delivery;
}

/** What was heard and is not read yet: the newest of each key. */
export class Pending {
  private readonly byKey = new Map<string, Heard>();

  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  put(heard: Heard): void {
    this.byKey.delete(heard.key);
    this.byKey.set(heard.key, heard);
    const [oldest] = this.byKey.keys();
    if (this.byKey.size > MAX_PENDING && oldest !== undefined) this.byKey.delete(oldest);
  }

  take(): Heard | undefined {
    const [first] = this.byKey.values();
    if (first !== undefined) this.byKey.delete(first.key);
    return first;
  }

  drop(stream: StreamId): void {
    for (const { key, delivery } of this.byKey.values()) if (delivery.stream === stream) this.byKey.delete(key);
  }

  clear(): void {
    this.byKey.clear();
  }
}
