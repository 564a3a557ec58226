import { inTime } from "./in-time.js";
import type { KeptEntry } from "./outbox-entry.js";

/** Where entries outlive the outbox. Every user has a queue of their own. */
export interface OutboxStorage {
  /** The user's entries in the order in which they are to be sent. */
  readonly load: (userId: string) => Promise<readonly KeptEntry[]>;
  /** Puts an entry at the end, in the place of an older one with its key. */
  readonly put: (userId: string, entry: KeptEntry) => Promise<void>;
  /** Notes where an entry stands why it was refused. */
  readonly refuse: (userId: string, clientMutationId: string, reason: string) => Promise<void>;
  readonly remove: (userId: string, clientMutationId: string) => Promise<void>;
}

function without(entries: readonly KeptEntry[], key: string): readonly KeptEntry[] {
  return entries.filter((entry) => entry.clientMutationId !== key);
}

function refused(entries: readonly KeptEntry[], key: string, reason: string): readonly KeptEntry[] {
  return entries.map((entry) => (entry.clientMutationId === key ? { ...entry, reason } : entry));
}

/** Keeps entries while the page lives: a session that ends and begins again finds them. */
export function createMemoryStorage(): OutboxStorage {
  const entriesByUser = new Map<string, readonly KeptEntry[]>();
  const entriesOf = (userId: string): readonly KeptEntry[] => entriesByUser.get(userId) ?? [];
  return {
    load: async (userId) => entriesOf(userId),
    put: async (userId, entry) =>
      void entriesByUser.set(userId, [
        ...without(entriesOf(userId), entry.clientMutationId),
        { ...entry, isKept: false },
      ]),
    refuse: async (userId, key, reason) => void entriesByUser.set(userId, refused(entriesOf(userId), key, reason)),
    remove: async (userId, key) => void entriesByUser.set(userId, without(entriesOf(userId), key)),
  };
}

/**
 * Keeps entries in a durable storage, and those that it will not take (a private window, a full disk) in memory: they
 * are sent all the same, and say by `isKept` that they would not survive the page.
 */
export function createFallbackStorage(durable: OutboxStorage): OutboxStorage {
  const memory = createMemoryStorage();
  /** What is in the durable storage as far as is known: that stands while it does not answer. */
  const known = new Map<string, readonly KeptEntry[]>();
  const knownOf = (userId: string): readonly KeptEntry[] => known.get(userId) ?? [];
  return {
    load: async (userId) => {
      const kept = await inTime(durable.load(userId)).catch(() => knownOf(userId));
      known.set(userId, kept);
      const keys = new Set(kept.map((entry) => entry.clientMutationId));
      // One that was given up may have been kept after all.
      return [...kept, ...(await memory.load(userId)).filter((entry) => !keys.has(entry.clientMutationId))];
    },
    put: async (userId, entry) => {
      const { clientMutationId } = entry;
      try {
        await inTime(durable.put(userId, entry));
        known.set(userId, [...without(knownOf(userId), clientMutationId), entry]);
        await memory.remove(userId, clientMutationId);
      } catch {
        await memory.put(userId, entry);
      }
    },
    refuse: async (userId, key, reason) => {
      await memory.refuse(userId, key, reason);
      known.set(userId, refused(knownOf(userId), key, reason));
      await inTime(durable.refuse(userId, key, reason)).catch(() => undefined);
    },
    remove: async (userId, key) => {
      await memory.remove(userId, key);
      known.set(userId, without(knownOf(userId), key));
      await inTime(durable.remove(userId, key)).catch(() => undefined);
    },
  };
}
