import type { SqlEntityManager } from "@mikro-orm/sql";
import type { Logger } from "pino";
import { tryLock } from "../../platform/advisory-lock.js";
import { repeat } from "../../platform/repeat.js";
import { queryOne, sql } from "../../platform/sql.js";
import type { Clock } from "../../platform/time.js";

export interface RetentionSettings {
  /** A fresh entity manager for one batch. */
  readonly fork: () => SqlEntityManager;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long an entry of the log is kept, in milliseconds: how far back a stream can be resumed. */
  readonly retentionMs: number;
}

/** How often a node looks for entries that are too old. */
const SWEEP_EVERY_MS = 10 * 60_000;
/** So few that a batch holds nobody up, the embedded database's only connection included. */
const BATCH = 1_000;

/**
 * Deletes old entries of the log from time to time, on whichever node comes first. The answer ends it, once a batch
 * that runs is through.
 */
export function startRetention(settings: RetentionSettings): () => Promise<void> {
  const everyMs = Math.min(SWEEP_EVERY_MS, settings.retentionMs);
  return repeat(settings.clock, everyMs, (signal) => sweep(settings, signal));
}

async function sweep({ fork, logger, retentionMs }: RetentionSettings, signal: AbortSignal): Promise<void> {
  let deleted = 0;
  try {
    for (let count: number | undefined = BATCH; count === BATCH && !signal.aborted; deleted += count ?? 0)
      count = await deleteBatch(fork(), retentionMs);
  } catch (error) {
    logger.warn({ err: error }, "old entries of the log could not be deleted; trying again later");
  }
  if (deleted > 0) logger.info({ deleted }, "old entries of the log were deleted");
}

/**
 * Deletes the oldest entries that are older than `retentionMs` by the database's clock. As times rise with seq, what
 * stays of a stream has no hole. A stream itself is never deleted, also that of a room that was: should the room come
 * back, by an import, its numbers and epochs go on.
 * @returns how many were deleted, at most a batch; undefined when another node is at it
 */
export async function deleteBatch(em: SqlEntityManager, retentionMs: number): Promise<number | undefined> {
  return em.transactional(async (tx) => {
    if (!(await tryLock(tx, "retention"))) return undefined;
    const row = await queryOne<{ count: number }>(
      tx,
      sql`with old as (
            select stream, seq from feed_entry
            where at < clock_timestamp() - ${retentionMs} * interval '1 millisecond' order by at limit ${BATCH}
          ), gone as (
            delete from feed_entry e using old where e.stream = old.stream and e.seq = old.seq returning 1
          )
          select count(*)::int as count from gone`,
    );
    return row?.count ?? 0;
  });
}
