import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { OutboxFile, OutboxMessage } from "./outbox-entry.js";

const NAME = "parley";
const VERSION = 2;

/** A message that waits to be sent. */
export interface OutboxRow extends OutboxMessage {
  /** Made by the database: the order over all tabs. */
  readonly position?: number;
  readonly userId: string;
  readonly reason: string | null;
}

/** A file that lies in a room's tray, under the key of the message that it is going to be. */
export interface TrayRow {
  /** Made by the database: the order over all tabs. */
  readonly position?: number;
  readonly userId: string;
  readonly roomId: string;
  readonly clientMutationId: string;
  readonly file: OutboxFile;
}

export interface BrowserSchema extends DBSchema {
  outbox: { key: number; value: OutboxRow; indexes: { user: string; key: [string, string] } };
  tray: { key: number; value: TrayRow; indexes: { user: string; key: [string, string] } };
}

/** What one user has written or chosen and not sent, in this browser. Both stores are ordered and found in the same way. */
async function open(onLost: () => void): Promise<IDBPDatabase<BrowserSchema>> {
  const database = await openDB<BrowserSchema>(NAME, VERSION, {
    upgrade: (fresh, from) => {
      for (const name of (["outbox", "tray"] as const).slice(from)) {
        const store = fresh.createObjectStore(name, { keyPath: "position", autoIncrement: true });
        store.createIndex("user", "userId");
        store.createIndex("key", ["userId", "clientMutationId"], { unique: true });
      }
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

/** Opens the browser's database when it is first needed, and again after it was lost. Rejects where there is none. */
export function createBrowserDatabase(): () => Promise<IDBPDatabase<BrowserSchema>> {
  let opened: Promise<IDBPDatabase<BrowserSchema>> | null = null;
  const forget = (): void => void (opened = null);
  return () => {
    opened ??= open(forget);
    opened.catch(forget);
    return opened;
  };
}
