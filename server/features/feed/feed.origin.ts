import { randomBytes } from "node:crypto";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { query, queryOne, sql } from "../../platform/sql.js";

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
  const row = await queryOne<{ fingerprint: string }>(em, sql`select ${fingerprint} as fingerprint`);
  if (row === undefined) throw new Error("The database does not say which one it is.");
  const epoch = randomBytes(4).toString("hex");
  await query(
    em,
    sql`insert into feed_origin as o (id, fingerprint, epoch) values (1, ${row.fingerprint}, ${epoch})
        on conflict (id) do update set fingerprint = excluded.fingerprint, epoch = excluded.epoch where o.fingerprint <> excluded.fingerprint`,
  );
  const origin = await queryOne<{ epoch: string }>(em, sql`select epoch from feed_origin where id = 1`);
  if (origin === undefined) throw new Error("The database has forgotten which one it is.");
  return origin.epoch;
}
