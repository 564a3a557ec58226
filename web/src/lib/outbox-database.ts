import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { KeptEntry, OutboxMessage } from "./outbox-entry.js";
import type { OutboxStorage } from "./outbox-storage.js";

const NAME = "parley";
const VERSION = 1;

interface Row extends OutboxMessage {
  /** Made by the database: the order over all tabs. */
  readonly position?: number;
  readonly userId: string;
  readonly reason: string | null;
}

interface Schema extends DBSchema {
  outbox: { key: number; value: Row; indexes: { user: string; key: [string, string] } };
}

async function open(onLost: () => void): Promise<IDBPDatabase<Schema>> {
  const database = await openDB<Schema>(NAME, VERSION, {
    upgrade: (fresh) => {
      const store = fresh.createObjectStore("outbox", { keyPath: "position", autoIncrement: true });
      store.createIndex("user", "userId");
      store.createIndex("key", ["userId", "clientMutationId"], { unique: true });
    },
    // A newer version in another tab must not have to wait for this one.
    blocking: () => {
      database.close();
      onLost();
    },
    terminated: onLost,
  });
  return database;
}

function toEntry({ position: _position, userId: _userId, ...entry }: Row): KeptEntry {
  return { ...entry, isKept: true };
}

function toRow(userId: string, { isKept: _isKept, ...entry }: KeptEntry): Row {
  return { ...entry, userId };
}

/** Keeps entries, their files too, in the browser's database. Rejects where it can't. */
export function createDatabaseStorage(): OutboxStorage {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const forget = (): void => void (opened = null);
  const database = (): Promise<IDBPDatabase<Schema>> => {
    opened ??= open(forget);
    opened.catch(forget);
    return opened;
  };
  /** Strict: what is shown as written must not be lost with the power. */
  const change = async () => (await database()).transaction("outbox", "readwrite", { durability: "strict" });
  const remove = async (userId: string, key: string, row?: Row): Promise<void> => {
    const { store, done } = await change();
    const position = await store.index("key").getKey([userId, key]);
    if (position !== undefined) await store.delete(position);
    if (row) await store.add(row);
    await done;
  };
  return {
    load: async (userId) => {
      // An index answers in the order of the primary key among equals: of the position.
      const rows = await (await database()).getAllFromIndex("outbox", "user", userId);
      return rows.map(toEntry);
    },
    put: (userId, entry) => remove(userId, entry.clientMutationId, toRow(userId, entry)),
    refuse: async (userId, key, reason) => {
      const { store, done } = await change();
      const row = await store.index("key").get([userId, key]);
      if (row) await store.put({ ...row, reason });
      await done;
    },
    remove: (userId, key) => remove(userId, key),
  };
}
