import { createBrowserDatabase, type OutboxRow } from "./browser-database.js";
import type { KeptEntry } from "./outbox-entry.js";
import type { OutboxStorage } from "./outbox-storage.js";

function toEntry({ position: _position, userId: _userId, ...entry }: OutboxRow): KeptEntry {
  return { ...entry, isKept: true };
}

function toRow(userId: string, { isKept: _isKept, ...entry }: KeptEntry): OutboxRow {
  return { ...entry, userId };
}

/** Keeps entries, their files too, in the browser's database. Rejects where it can't. */
export function createDatabaseStorage(): OutboxStorage {
  const database = createBrowserDatabase();
  /** Strict: what is shown as written must not be lost with the power. */
  const change = async () => (await database()).transaction(["outbox", "tray"], "readwrite", { durability: "strict" });
  /** A file is in the tray or on its way: the step between the two is one. */
  const replace = async (userId: string, key: string, row?: OutboxRow): Promise<void> => {
    const changing = await change();
    for (const name of ["outbox", "tray"] as const) {
      const store = changing.objectStore(name);
      const position = await store.index("key").getKey([userId, key]);
      if (position !== undefined) await store.delete(position);
    }
    if (row) await changing.objectStore("outbox").add(row);
    await changing.done;
  };
  return {
    load: async (userId) => {
      // An index answers in the order of the primary key among equals: of the position.
      const rows = await (await database()).getAllFromIndex("outbox", "user", userId);
      return rows.map(toEntry);
    },
    put: (userId, entry) => replace(userId, entry.clientMutationId, toRow(userId, entry)),
    refuse: async (userId, key, reason) => {
      const changing = await change();
      const store = changing.objectStore("outbox");
      const row = await store.index("key").get([userId, key]);
      if (row) await store.put({ ...row, reason });
      await changing.done;
    },
    remove: (userId, key) => replace(userId, key),
  };
}
