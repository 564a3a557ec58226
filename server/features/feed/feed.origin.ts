import { randomBytes } from "node:crypto";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { RunStatement } from "../../platform/orm.js";
import { query, sql } from "../../platform/sql.js";

/** Which database answers: another one under the same data has another of these. */
export const fingerprint = sql<string>`(
  (select system_identifier from pg_control_system()) || ':' || ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int
  || ':' || (select oid from pg_database where datname = current_database()))`;

/**
 * Makes sure that cursors were issued by the database that is asked about them. A database restored from a backup has
 * another identity, its counters may repeat numbers, and so everything before gets another epoch.
 * @returns the epoch: all nodes on this database, and no others, have it in common
 */
export async function checkOrigin(em: SqlEntityManager): Promise<string> {
  return checkOriginBy((statement) => query(em, statement));
}

/**
 * As {@link checkOrigin}, on one connection. Done with each new one, it lets nobody read a cursor that a restored
 * database has brought back.
 */
export async function checkOriginBy(run: RunStatement): Promise<string> {
  const [known] = await run<Origin>(sql`select epoch, fingerprint = ${fingerprint} as is_same from feed_origin`);
  if (known?.is_same === true) return known.epoch;
  const epoch = randomBytes(4).toString("hex");
  await run(
    sql`insert into feed_origin as o (id, fingerprint, epoch) values (1, ${fingerprint}, ${epoch})
        on conflict (id) do update set fingerprint = excluded.fingerprint, epoch = excluded.epoch where o.fingerprint <> excluded.fingerprint`,
  );
  const [origin] = await run<Origin>(sql`select epoch from feed_origin where id = 1`);
  if (origin === undefined) throw new Error("The database has forgotten which one it is.");
  return origin.epoch;
}

interface Origin {
  readonly epoch: string;
  readonly is_same: boolean;
}
