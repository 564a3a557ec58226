import { contained } from "../platform/pubsub/contained.js";
import type { PubSub } from "../platform/pubsub/pubsub.js";
import { silent } from "./world.js";

/** How often a message has each misfortune, 0 to 1. */
export interface Misfortune {
  readonly lost: number;
  readonly doubled: number;
  /** Waits for up to five more messages or steps, so that later ones overtake it. */
  readonly late: number;
}

export const noMisfortune: Misfortune = { lost: 0, doubled: 0, late: 0 };

/** A broker that keeps its bare promise and no more: what it delivers was published. When, how often, whether: by chance. */
export interface LossyPubSub extends PubSub {
  /** What happens from now on. */
  misfortune: Misfortune;
  /** False: nothing gets through. Becoming true again is told. */
  isConnected: boolean;
  /** Lets one unit of time pass: late messages that are due are delivered, in any order. */
  step(): void;
  /** Delivers all that is still on its way. */
  flush(): void;
  /** How many are listening. */
  readonly subscriptions: number;
  /** All that was published, delivered or not. */
  readonly published: readonly { readonly topic: string; readonly message: string }[];
}

interface Late {
  readonly topic: string;
  readonly message: string;
  dueIn: number;
}

const MAX_STEPS_LATE = 5;

/** @param seed the same seed and calls meet the same fate */
export function createLossyPubSub(seed: number, misfortune: Misfortune = noMisfortune): LossyPubSub {
  const random = seededRandom(seed);
  const listeners = new Map<string, Set<(message: string) => void>>();
  const published: { topic: string; message: string }[] = [];
  const returns = new Set<() => void>();
  let late: Late[] = [];
  let connected = true;

  function deliver(topic: string, message: string): void {
    for (const listener of listeners.get(topic) ?? []) listener(message);
  }

  function step(): void {
    for (const each of late) each.dueIn -= 1;
    const due = late.filter((each) => each.dueIn <= 0).toSorted(() => random() - 0.5);
    late = late.filter((each) => each.dueIn > 0);
    for (const { topic, message } of due) deliver(topic, message);
  }

  return {
    misfortune,
    reachesOtherNodes: true,
    get isConnected() {
      return connected;
    },
    set isConnected(isConnected) {
      const isBack = isConnected && !connected;
      connected = isConnected;
      if (isBack) for (const callback of returns) callback();
    },
    onReturn(callback) {
      returns.add(callback);
      return () => returns.delete(callback);
    },
    published,
    get subscriptions() {
      return [...listeners.values()].reduce((sum, set) => sum + set.size, 0);
    },
    step,
    flush() {
      while (late.length > 0) step();
    },
    async publish(topic, message) {
      if (!connected) throw new Error("The broker is away.");
      published.push({ topic, message });
      step();
      if (random() < this.misfortune.lost) return;
      const copies = random() < this.misfortune.doubled ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        if (random() < this.misfortune.late)
          late.push({ topic, message, dueIn: 1 + Math.floor(random() * MAX_STEPS_LATE) });
        else deliver(topic, message);
      }
    },
    async subscribe(topic, onMessage) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set);
      const listener = contained(topic, onMessage, silent);
      set.add(listener);
      return async () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(topic);
      };
    },
    async close() {},
  };
}

/** Numbers from 0 to 1 that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
