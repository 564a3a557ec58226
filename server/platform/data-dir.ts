import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createFile, readFileIfThere, removeFile, replaceFile } from "./exclusive-file.js";
import { claimLockFile, createLock, isInPlace, readHeldLock, type Lock } from "./lock-file.js";
import { errorCode } from "./system-error.js";

/**
 * The data folder belongs to one process at a time, because the embedded database does. A lock file names that process
 * and its address, so that a second server can say who is there, and commands can go through it.
 */
const LOCK_FILE = "server.lock";
const SECRET_FILE = "jwt-secret";
const FOLDER_MODE = 0o700;
const MIN_SECRET_BYTES = 32;
const SECRET_BYTES = 48;

/** Another living process holds the data folder. The message says what to do, in one line. */
export class DataDirInUse extends Error {
  override readonly name = "DataDirInUse";

  constructor(
    readonly dir: string,
    readonly pid: number,
    readonly address: string,
  ) {
    super(
      `The data folder ${resolve(dir)} is in use by process ${pid} at ${address}. Stop that one (Ctrl-C where it runs, or kill ${pid}), or set DATA_DIR to another folder.`,
    );
  }
}

/** The data folder can't be created or written. The message says what to do, in one line. */
export class DataDirUnusable extends Error {
  override readonly name = "DataDirUnusable";

  constructor(dir: string, options: { readonly cause: unknown }) {
    const code = errorCode(options.cause);
    super(
      `The data folder ${resolve(dir)} can't be used${code === undefined ? "" : ` (${code})`}. Let the server's user write there, or set DATA_DIR to another folder.`,
      options,
    );
  }
}

export interface DataDirClaim {
  /** Stands in the lock, which only its owner can read: a command that shows it may be obeyed. */
  readonly key: string;
  /** Says in the lock where the server answers, once it knows. */
  updateAddress(address: string): Promise<void>;
  /** Gives the folder up; harmless when it was already. */
  release(): Promise<void>;
}

/**
 * Takes the folder for this process, creating it when needed. What a killed process left behind is taken over.
 * Of several that try at once exactly one succeeds; the others throw {@link DataDirInUse}. A folder that can't be
 * written throws {@link DataDirUnusable}.
 */
export async function claimDataDir(dir: string, holder: { readonly address: string }): Promise<DataDirClaim> {
  const path = join(dir, LOCK_FILE);
  const lock = await createLock(holder.address);
  const inTheWay = await inFolder(dir, () => claimLockFile(path, lock));
  if (inTheWay !== undefined) throw new DataDirInUse(dir, inTheWay.pid, inTheWay.address);
  return {
    key: lock.key,
    async updateAddress(address) {
      if (await isInPlace(path, lock)) await replaceFile(path, JSON.stringify({ ...lock, address }));
    },
    async release() {
      if (await isInPlace(path, lock)) await removeFile(path);
    },
  };
}

/** The living process that holds the folder, or undefined when there is none. Changes nothing. */
export async function readLock(dir: string): Promise<Lock | undefined> {
  return readHeldLock(join(dir, LOCK_FILE));
}

/**
 * The secret that demo tokens are signed with: made once, readable by its owner alone, and the same for all that ask.
 * Throws {@link DataDirUnusable}.
 */
export async function demoSecret(dir: string, random: (bytes: number) => Buffer = randomBytes): Promise<string> {
  const path = join(dir, SECRET_FILE);
  const made = random(SECRET_BYTES).toString("base64url");
  return inFolder(dir, async () => {
    const stored = await readFileIfThere(path);
    if (stored !== undefined && isWhole(stored)) return stored.trim();
    // Cut short, as by a full disk: nobody can hold a token that was signed with it.
    if (stored !== undefined) await removeFile(path);
    return (await createFile(path, made)) ? made : ((await readFileIfThere(path)) ?? made).trim();
  });
}

function isWhole(secret: string): boolean {
  return Buffer.byteLength(secret.trim()) >= MIN_SECRET_BYTES;
}

async function inFolder<Result>(dir: string, work: () => Promise<Result>): Promise<Result> {
  try {
    await mkdir(dir, { recursive: true, mode: FOLDER_MODE });
    return await work();
  } catch (error) {
    throw errorCode(error) === undefined ? error : new DataDirUnusable(dir, { cause: error });
  }
}
