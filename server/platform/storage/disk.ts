import { copyFile, mkdir, open, opendir, rename, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { removeFile } from "../exclusive-file.js";
import { errorCode } from "../system-error.js";
import { isKey, requireKey, type Storage } from "./storage.js";

const FOLDER_MODE = 0o700;

/** Files in a folder of this machine, or of a volume that all nodes share. */
export function createDiskStorage(root: string): Storage {
  const pathOf = (key: string): string => join(root, requireKey(key));
  return {
    async put(key, path) {
      const target = pathOf(key);
      await makeFolder(root, dirname(target));
      await flush(path);
      await moveFile(path, target);
      await flush(dirname(target));
    },
    async read(key, range) {
      const file = await open(pathOf(key)).catch(undefinedIfAbsent);
      return file?.createReadStream(range);
    },
    async delete(keys) {
      for (const key of keys) await removeFile(pathOf(key));
    },
    async *list(folder, before) {
      for await (const path of filesBelow(pathOf(folder))) {
        const key = relative(root, path).split(sep).join("/");
        const known = isKey(key) ? await stat(path).catch(undefinedIfAbsent) : undefined;
        if (known !== undefined && known.mtime < before) yield key;
      }
    },
    close: () => {},
  };
}

/** Makes a folder, with those above it up to the root; each new one has to be in its parent after a power cut, too. */
async function makeFolder(root: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  for (let parent = dirname(folder); parent.length >= root.length; parent = dirname(parent)) await flush(parent);
}

/** Has the system write down what it holds of a file, or of a folder's list of files. */
async function flush(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Nobody ever sees the file half: where it can't be moved (another file system), it is copied beside and moved then. */
async function moveFile(path: string, target: string): Promise<void> {
  try {
    await rename(path, target);
  } catch (error) {
    if (errorCode(error) !== "EXDEV") throw error;
    const copy = `${target}.part`;
    await copyFile(path, copy);
    await flush(copy);
    await rename(copy, target);
  }
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await opendir(folder).catch(undefinedIfAbsent);
  if (entries === undefined) return;
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

function undefinedIfAbsent(error: unknown): undefined {
  if (errorCode(error) !== "ENOENT") throw error;
}
