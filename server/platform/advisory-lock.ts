import type { SqlEntityManager } from "@mikro-orm/sql";
import { query, queryOne, sql } from "./sql.js";

/**
 * What one transaction at a time may do in the whole database, on whichever node. Every lock is listed here, so that no
 * two have one number; all of them end with the transaction.
 */
const LOCKS = {
  migration: 7_201_946,
  newUsers: 7_201_947,
  newProjects: 7_201_948,
  hostCall: 7_201_949,
  retention: 7_201_950,
  import: 7_201_951,
  ahead: 7_201_952,
} as const;

export type AdvisoryLock = keyof typeof LOCKS;

/** Waits for the lock, and holds it until COMMIT. */
export async function takeLock(tx: SqlEntityManager, lock: AdvisoryLock): Promise<void> {
  await query(tx, sql`select pg_advisory_xact_lock(${LOCKS[lock]})`);
}

/**
 * Takes the lock if nobody holds it. Resolves to whether it has it now, until COMMIT. Without a bound parameter: after one the
 * idle transaction would keep its view of the database, which an index that is made while others write waits for.
 */
export async function tryLock(tx: SqlEntityManager, lock: AdvisoryLock): Promise<boolean> {
  const row = await queryOne<{ taken: boolean }>(
    tx,
    sql`select pg_try_advisory_xact_lock(${sql.lit(LOCKS[lock])}) as taken`,
  );
  return row?.taken === true;
}
