import { createBrowserDatabase, type TrayRow } from "./browser-database.js";

/** A file that lies in a room's tray. */
export type KeptTrayFile = Pick<TrayRow, "clientMutationId" | "roomId" | "file">;

/** Where files that lie in trays outlive the page. Every user has trays of their own. */
export interface TrayStorage {
  /** The user's files in all rooms, in the order in which they were put in. */
  readonly load: (userId: string) => Promise<readonly KeptTrayFile[]>;
  /** Keeps a file. Rejects when there is no room for it, or no storage. */
  readonly put: (userId: string, file: KeptTrayFile) => Promise<void>;
  readonly remove: (userId: string, clientMutationId: string) => Promise<void>;
}

/** What a user's trays may occupy, all rooms together: the browser has other things to keep, what waits to be sent first. */
export const TRAYS_MAX_BYTES = 256 * 1_024 * 1_024;

/** Keeps files in the browser's database, beside what is on its way, up to `maxBytes` a user. */
export function createTrayDatabase(maxBytes = TRAYS_MAX_BYTES): TrayStorage {
  const database = createBrowserDatabase();
  const change = async () => (await database()).transaction("tray", "readwrite", { durability: "strict" });
  const load = async (userId: string): Promise<readonly KeptTrayFile[]> => {
    const rows = await (await database()).getAllFromIndex("tray", "user", userId);
    return rows.map(({ clientMutationId, roomId, file }) => ({ clientMutationId, roomId, file }));
  };
  const put = async (userId: string, kept: KeptTrayFile): Promise<void> => {
    const { store, done } = await change();
    const rows = await store.index("user").getAll(userId);
    const bytes = rows.reduce((sum, { file }) => sum + file.blob.size, kept.file.blob.size);
    if (bytes <= maxBytes) await store.add({ ...kept, userId });
    await done;
    if (bytes > maxBytes) throw new DOMException("full", "QuotaExceededError");
  };
  const remove = async (userId: string, key: string): Promise<void> => {
    const { store, done } = await change();
    const position = await store.index("key").getKey([userId, key]);
    if (position !== undefined) await store.delete(position);
    await done;
  };
  return { load, put, remove };
}

/** Keeps files while the page lives. */
export function createMemoryTrays(): TrayStorage {
  const files = new Map<string, { readonly userId: string; readonly kept: KeptTrayFile }>();
  return {
    load: async (userId) => [...files.values()].filter((each) => each.userId === userId).map(({ kept }) => kept),
    put: async (userId, kept) => void files.set(kept.clientMutationId, { userId, kept }),
    remove: async (_userId, key) => void files.delete(key),
  };
}
