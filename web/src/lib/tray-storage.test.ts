/** @jest-environment node */
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { openDB } from "idb";
import { IDBFactory } from "fake-indexeddb";
import { FILE } from "../test/outbox.js";
import { createDatabaseStorage } from "./outbox-database.js";
import type { KeptEntry } from "./outbox-entry.js";
import { createTrayDatabase } from "./tray-storage.js";

beforeEach(() => void (globalThis.indexedDB = new IDBFactory()));

const kept = (key: string) => ({ clientMutationId: key, roomId: "7", file: FILE });
const entry = (key: string): KeptEntry => ({
  ...kept(key),
  content: "",
  createdAt: "2026-11-23T12:00:00Z",
  reason: null,
  isKept: true,
});
const keys = (all: readonly { readonly clientMutationId: string }[]): string[] =>
  all.map(({ clientMutationId }) => clientMutationId);

describe("files in trays", () => {
  it("are there in another page, whole and in order", async () => {
    await createTrayDatabase().put("1", kept("a"));
    await createTrayDatabase().put("1", kept("b"));
    const loaded = await createTrayDatabase().load("1");
    expect(keys(loaded)).toEqual(["a", "b"]);
    expect(await loaded[0]?.file.blob.text()).toBe("the plan");
    expect(await createTrayDatabase().load("2")).toEqual([]);
  });

  it("leave the tray in the step in which they come among what waits to be sent", async () => {
    const [trays, outbox] = [createTrayDatabase(), createDatabaseStorage()];
    await trays.put("1", kept("a"));
    await trays.put("1", kept("b"));
    await outbox.put("1", entry("a"));
    expect([keys(await trays.load("1")), keys(await outbox.load("1"))]).toEqual([["b"], ["a"]]);
  });

  it("are refused beyond what trays may occupy, and fit again when others are gone", async () => {
    const trays = createTrayDatabase(2 * FILE.blob.size);
    await trays.put("1", kept("a"));
    await trays.put("1", kept("b"));
    await expect(trays.put("1", kept("c"))).rejects.toMatchObject({ name: "QuotaExceededError" });
    await trays.put("2", kept("d"));
    await trays.remove("1", "a");
    await trays.put("1", kept("c"));
    expect(keys(await trays.load("1"))).toEqual(["b", "c"]);
  });

  it("leave what waited to be sent before this browser kept any", async () => {
    const older = await openDB("parley", 1, {
      upgrade: (fresh) => {
        const store = fresh.createObjectStore("outbox", { keyPath: "position", autoIncrement: true });
        store.createIndex("user", "userId");
        store.createIndex("key", ["userId", "clientMutationId"], { unique: true });
      },
    });
    const { isKept: _isKept, ...row } = entry("old");
    await older.add("outbox", { ...row, userId: "1" });
    older.close();
    await createTrayDatabase().put("1", kept("a"));
    expect(keys(await createDatabaseStorage().load("1"))).toEqual(["old"]);
  });
});
