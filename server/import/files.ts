import { constants, createReadStream } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { IncomingFile } from "../features/attachments/attachment.js";
import { badInput, DomainError } from "../platform/errors.js";
import { errorCode } from "../platform/system-error.js";

/**
 * Finds the file that a line names, and reads nothing of it yet.
 * @throws DomainError BAD_USER_INPUT when there is none that can be taken
 */
export type FindFile = (path: string) => Promise<IncomingFile>;

/** The files of a folder and of those below it. Nothing leads out of it, no link either. */
export function filesBeside(folder: string): FindFile {
  return async (path) => {
    try {
      return { name: path, read: readerOf(await requireInside(folder, path)) };
    } catch (error) {
      throw error instanceof DomainError ? error : unreadable(error);
    }
  };
}

const readerOf = (path: string) => (): AsyncIterable<Uint8Array> => createReadStream(path);

/** The real path of a file that can be read. */
async function requireInside(folder: string, path: string): Promise<string> {
  const real = await realpath(join(folder, path));
  const [first] = relative(await realpath(folder), real).split(sep);
  if (first === "..") throw badInput("attachment", "This leads out of the folder of the imported file.");
  if (!(await stat(real)).isFile()) throw badInput("attachment", "This is not a file.");
  await access(real, constants.R_OK);
  return real;
}

function unreadable(error: unknown): DomainError {
  const code = errorCode(error) ?? String(error);
  const isAbsent = ["ENOENT", "ENOTDIR"].includes(code);
  return badInput("attachment", isAbsent ? "There is no such file." : `This file can't be read (${code}).`);
}
