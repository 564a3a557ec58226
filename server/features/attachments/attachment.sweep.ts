import { tmpdir } from "node:os";
import type { Logger } from "pino";
import type { Database } from "../../platform/orm.js";
import { repeat } from "../../platform/repeat.js";
import type { Files } from "../../platform/scope.js";
import type { Storage } from "../../platform/storage/storage.js";
import { removeOld } from "../../platform/temp-folder.js";
import type { Clock } from "../../platform/time.js";
import { ATTACHMENT_FOLDER, parseObjectKey } from "./attachment.js";
import { claimSweep, knownKeys } from "./attachment.queries.js";

export interface SweepSettings {
  /** A fresh entity manager for one look. */
  readonly fork: Database["fork"];
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
}

const SWEEP_EVERY_MS = 60 * 60_000;
/** Longer than any request may take: what is younger may belong to one that is under way. */
const GRACE_MS = 60 * 60_000;
/** How many keys are asked about in one statement. */
const BATCH = 500;
/** What the GraphQL multipart parser calls its files in the system's folder for temporary ones. */
const PARSER_FILES = /^capacitor-[0-9a-f]{32}\.tmp$/;

/**
 * Removes what nobody needs any more: at once and then every hour what a killed process has left of uploads on this
 * machine, and every hour, by one of the nodes, the stored objects that no message names. The answer ends it.
 */
export function startSweep(settings: SweepSettings): () => Promise<void> {
  const atOnce = sweepUploads(settings);
  const end = repeat(settings.clock, SWEEP_EVERY_MS, (signal) => sweepAll(settings, signal));
  return async () => {
    await Promise.all([end(), atOnce]);
  };
}

async function sweepAll(settings: SweepSettings, signal: AbortSignal): Promise<void> {
  const { fork, files, clock, logger } = settings;
  await sweepUploads(settings);
  try {
    if (!(await claimSweep(fork(), clock.now(), SWEEP_EVERY_MS))) return;
    const deleted = await sweepObjects(fork, files.storage, { before: longAgo(clock), signal });
    if (deleted > 0) logger.info({ deleted }, "stored files that no message names were deleted");
  } catch (error) {
    logger.warn({ err: error }, "stored files that no message names could not be deleted; trying again later");
  }
}

const longAgo = (clock: Clock): Date => new Date(clock.now().getTime() - GRACE_MS);

async function sweepUploads({ files, clock, logger }: SweepSettings): Promise<void> {
  try {
    await files.incoming.sweep(longAgo(clock));
    await removeOld(tmpdir(), PARSER_FILES, longAgo(clock));
  } catch (error) {
    logger.warn({ err: error }, "files of broken uploads could not be removed; trying again later");
  }
}

/**
 * Deletes the stored objects that were put before a moment and that no message names: of rooms that were deleted, and
 * of sends whose node died between storing and committing.
 * @returns how many were deleted
 */
export async function sweepObjects(
  fork: Database["fork"],
  storage: Storage,
  { before, signal }: { readonly before: Date; readonly signal?: AbortSignal },
): Promise<number> {
  let deleted = 0;
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    const known = await knownKeys(fork(), [...new Set(batch.map((key) => parseObjectKey(key).key))]);
    const orphans = batch.filter((key) => !known.has(parseObjectKey(key).key));
    await storage.delete(orphans);
    deleted += orphans.length;
    batch = [];
  };
  for await (const key of storage.list(ATTACHMENT_FOLDER, before)) {
    if (signal?.aborted === true) return deleted;
    batch.push(key);
    if (batch.length === BATCH) await flush();
  }
  await flush();
  return deleted;
}
