import { randomUUID } from "node:crypto";
import { link, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { errorCode } from "./system-error.js";

/** Small private files that several processes may want to create at once. All are readable by their owner alone. */
const PRIVATE_FILE_MODE = 0o600;

/** The content, or undefined when there is no such file. */
export async function readFileIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  });
}

/** Creates a file with its whole content at once: nobody ever sees it half written. False when it exists already. */
export async function createFile(path: string, content: string): Promise<boolean> {
  const draft = await writeDraft(path, content);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    // A file system without links: exclusive creation is the next best.
    return await createDirectly(path, content);
  } finally {
    await removeFile(draft);
  }
}

async function createDirectly(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: "wx", mode: PRIVATE_FILE_MODE });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Puts the content in the place of the file, at once. */
export async function replaceFile(path: string, content: string): Promise<void> {
  await rename(await writeDraft(path, content), path);
}

/** Removes the file; harmless when it is not there. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw error;
  });
}

async function writeDraft(path: string, content: string): Promise<string> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content, { flag: "wx", mode: PRIVATE_FILE_MODE, flush: true });
  return draft;
}
