import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { storageContract } from "../../test/storage-contract.js";
import { createDiskStorage } from "./disk.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-disk-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

storageContract("the disk", async () => createDiskStorage(join(folder, "contract")));

test("what others have left among the files is not listed, and stays", async () => {
  const root = join(folder, "foreign");
  const storage = createDiskStorage(root);
  await writeFile(join(folder, "upload"), "words");
  await storage.put("a/b.txt", join(folder, "upload"));
  for (const name of [".nfs0001", "a copy.txt"]) await writeFile(join(root, "a", name), "foreign");
  const keys: string[] = [];
  for await (const key of storage.list("a", new Date(Date.now() + 3_600_000))) keys.push(key);
  expect(keys).toEqual(["a/b.txt"]);
  expect((await readdir(join(root, "a"))).toSorted()).toEqual([".nfs0001", "a copy.txt", "b.txt"]);
});

test("files are moved into their place, and nobody but the server's user can look into it", async () => {
  const root = join(folder, "private");
  await writeFile(join(folder, "upload"), "words");
  await createDiskStorage(root).put("a/b/c.txt", join(folder, "upload"));
  expect(await readdir(folder)).not.toContain("upload");
  expect((await stat(root)).mode & 0o077).toBe(0);
  expect(await readdir(join(root, "a/b"))).toEqual(["c.txt"]);
});
