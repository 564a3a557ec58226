import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "./system-error.js";

/** A folder for files that are being made. Whoever takes a path removes what they have put there. */
export interface TempFolder {
  /** A path under which there is nothing yet. */
  path(): Promise<string>;
  /** Removes what was left behind before a moment, as by a process that was killed. */
  sweep(before: Date): Promise<void>;
}

const FOLDER_MODE = 0o700;

export function createTempFolder(folder: string): TempFolder {
  return {
    async path() {
      await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
      return join(folder, randomUUID());
    },
    sweep: (before) => removeOld(folder, /^/, before),
  };
}

/** Removes the files of a folder whose names are like this, which are this user's and were last written before a moment. */
export async function removeOld(folder: string, name: RegExp, before: Date): Promise<void> {
  for (const entry of await readdir(folder).catch(noneIfAbsent)) {
    if (!name.test(entry)) continue;
    const path = join(folder, entry);
    const known = await stat(path).catch(noneIfAbsent);
    const isOurs = "mtime" in known && known.isFile() && known.uid === process.getuid?.();
    if (isOurs && known.mtime < before) await rm(path, { force: true });
  }
}

function noneIfAbsent(error: unknown): readonly never[] {
  if (errorCode(error) === "ENOENT") return [];
  throw error;
}
