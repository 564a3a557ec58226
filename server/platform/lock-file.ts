import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { createFile, readFileIfThere, removeFile, replaceFile } from "./exclusive-file.js";
import { isProcessAlive, processStart } from "./process-identity.js";

/** A file that says which living process holds something. What a dead process left behind counts for nothing. */
const lockSchema = z.object({
  /** Tells this lock from every other that was ever here. */
  id: z.string(),
  pid: z.int().positive(),
  /** When that process began, as the system counts it: a later process with the same pid has another. */
  processStart: z.string().optional(),
  /** Where the process can be reached. */
  address: z.string(),
  startedAt: z.string(),
  /** What a command shows the process to be obeyed: who can read the lock may do what its owner may. */
  key: z.string().optional(),
});

const KEY_BYTES = 32;

export type Lock = Readonly<z.infer<typeof lockSchema>>;

/** A lock in the name of this process. */
export async function createLock(address: string): Promise<Lock & { readonly key: string }> {
  const start = await processStart(process.pid);
  return {
    id: randomUUID(),
    pid: process.pid,
    ...(start === undefined ? {} : { processStart: start }),
    address,
    startedAt: new Date().toISOString(),
    key: randomBytes(KEY_BYTES).toString("base64url"),
  };
}

/** The lock in the file when the process that wrote it is alive. Changes nothing. */
export async function readHeldLock(path: string): Promise<Lock | undefined> {
  return heldLock(await readFileIfThere(path));
}

/** Whether this very lock is in the file. */
export async function isInPlace(path: string, lock: Lock): Promise<boolean> {
  return parseLock(await readFileIfThere(path))?.id === lock.id;
}

const MAX_NESTED_TAKEOVERS = 3;
const TAKEOVER_POLL_MS = 20;
const TAKEOVER_WAIT_MS = 5_000;

/**
 * Creates the lock file, or takes it over from a dead process. Answers undefined when the lock is ours, else the one
 * that is in the way. Of several processes that try at once exactly one gets it.
 *
 * Between seeing that a lock is dead and replacing it, another process may do the same. So whoever wants to replace it
 * takes a second lock beside it, in just this way, and then looks again. A file that is there is never removed by any
 * but its living owner, so what is found again under that second lock can be replaced.
 */
export async function claimLockFile(path: string, lock: Lock, depth = 0): Promise<Lock | undefined> {
  if (depth > MAX_NESTED_TAKEOVERS)
    throw new Error(`Processes died one after another while they took over ${path}. Remove that file.`);
  const giveUpAt = Date.now() + TAKEOVER_WAIT_MS;
  for (;;) {
    if (await createFile(path, JSON.stringify(lock))) return undefined;
    const found = await readFileIfThere(path);
    if (found === undefined) continue;
    const held = await heldLock(found);
    if (held !== undefined) return held;
    const takeover = `${path}.takeover`;
    const rival = await claimLockFile(takeover, lock, depth + 1);
    if (rival === undefined) {
      if (await replaceDead(path, found, lock, takeover)) return undefined;
    } else if (Date.now() > giveUpAt) {
      return rival;
    } else {
      await delay(TAKEOVER_POLL_MS);
    }
  }
}

/** Puts our lock in the place of what was found, if it is still that. Gives the takeover up in any case. */
async function replaceDead(path: string, found: string, lock: Lock, takeover: string): Promise<boolean> {
  try {
    if ((await readFileIfThere(path)) !== found) return false;
    await replaceFile(path, JSON.stringify(lock));
    return true;
  } finally {
    await removeFile(takeover);
  }
}

/** The lock in the text if the very process that wrote it is alive; where the system does not tell, its pid has to do. */
async function heldLock(text: string | undefined): Promise<Lock | undefined> {
  const lock = parseLock(text);
  if (lock === undefined || !(await isProcessAlive(lock.pid))) return undefined;
  const start = await processStart(lock.pid);
  if (start !== undefined && lock.processStart !== undefined) return start === lock.processStart ? lock : undefined;
  const ownStartMs = Date.now() - process.uptime() * 1_000;
  return lock.pid !== process.pid || Date.parse(lock.startedAt) >= ownStartMs ? lock : undefined;
}

/** Undefined for a file cut short too: locks appear whole, so it is what a crash of the machine left. */
function parseLock(text: string | undefined): Lock | undefined {
  try {
    return lockSchema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}
