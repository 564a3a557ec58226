import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ByteRange, Storage } from "../platform/storage/storage.js";

/** What every storage promises, whichever it is. */
export function storageContract(name: string, create: () => Promise<Storage>): void {
  describe(`the contract of ${name}`, () => {
    let storage: Storage;
    let folder: string;
    let files = 0;
    beforeAll(async () => {
      storage = await create();
      folder = await mkdtemp(join(tmpdir(), "parley-contract-"));
    });
    afterAll(async () => {
      storage.close();
      await rm(folder, { recursive: true, force: true });
    });

    async function put(key: string, content: string | Buffer): Promise<void> {
      files += 1;
      const path = join(folder, String(files));
      await writeFile(path, content);
      await storage.put(key, path);
    }
    async function read(key: string, range?: ByteRange): Promise<string | undefined> {
      const stream = await storage.read(key, range);
      return stream && text(stream);
    }
    async function listed(below: string, before: Date): Promise<readonly string[]> {
      const keys: string[] = [];
      for await (const key of storage.list(below, before)) keys.push(key);
      return keys.toSorted();
    }

    test("gives back what was put, byte for byte", async () => {
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
      await put("media/2026/11/25/a.png", bytes);
      const stream = await storage.read("media/2026/11/25/a.png");
      expect(stream && (await buffer(stream)).equals(bytes)).toBe(true);
    });

    test.each([
      ["the beginning", { start: 0, end: 1 }, "01"],
      ["a part", { start: 2, end: 4 }, "234"],
      ["the end", { start: 7, end: 9 }, "789"],
      ["all of it", { start: 0, end: 9 }, "0123456789"],
    ])("gives a part: %s", async (_what, range, part) => {
      await put("media/digits.txt", "0123456789");
      expect(await read("media/digits.txt", range)).toBe(part);
    });

    test("has nothing under a key where nothing was put", async () => {
      expect(await read("media/none.txt")).toBeUndefined();
      expect(await read("nowhere/at/all.txt")).toBeUndefined();
    });

    test("deletes, also what is not there", async () => {
      await put("media/one.txt", "1");
      await put("media/two.txt", "2");
      await put("media/three.txt", "3");
      await storage.delete(["media/one.txt", "media/none.txt", "media/two.txt"]);
      expect([await read("media/one.txt"), await read("media/two.txt"), await read("media/three.txt")]).toEqual([
        undefined,
        undefined,
        "3",
      ]);
      await storage.delete([]);
    });

    test("lists what was put before a moment, below a folder", async () => {
      await put("list/2026/01/a.txt", "a");
      await put("list/2026/02/b.txt", "b");
      await put("list/c.txt", "c");
      await put("listen.txt", "another folder");
      const later = new Date(Date.now() + 3_600_000);
      expect(await listed("list", later)).toEqual(["list/2026/01/a.txt", "list/2026/02/b.txt", "list/c.txt"]);
      expect(await listed("list/2026", later)).toEqual(["list/2026/01/a.txt", "list/2026/02/b.txt"]);
      expect(await listed("list", new Date(Date.now() - 3_600_000))).toEqual([]);
      expect(await listed("none", later)).toEqual([]);
    });

    test.each(["../outside.txt", "/etc/passwd", "a/../../b", "a//b", "", ".hidden", "a/.hidden", "a\\b", "a b"])(
      "takes %j for no key",
      async (key) => {
        await expect(storage.read(key)).rejects.toThrow("is not a key");
        await expect(put(key, "x")).rejects.toThrow("is not a key");
        await expect(storage.delete([key])).rejects.toThrow("is not a key");
      },
    );

    test("a reader who goes away in the middle holds nothing up", async () => {
      await put("media/long.txt", "x".repeat(2_000_000));
      const stream = await storage.read("media/long.txt");
      for await (const chunk of stream ?? []) if (chunk !== undefined) break;
      stream?.destroy();
      await storage.delete(["media/long.txt"]);
      expect(await read("media/long.txt")).toBeUndefined();
    });
  });
}
