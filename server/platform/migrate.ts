import { setTimeout as pause } from "node:timers/promises";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { QueryExecutorProvider } from "kysely";
import { takeLock, tryLock } from "./advisory-lock.js";
import type { Database, ListedMigration } from "./orm.js";
import { query, sql } from "./sql.js";

/** The database holds migrations that this program does not know: a newer version has been here. */
export class DatabaseIsNewer extends Error {
  override readonly name = "DatabaseIsNewer";
}

/**
 * Brings the tables up to this program's version. Nodes that start at once do it one after the other, and the second
 * finds it done. Refuses a database that a newer version has already changed.
 */
export async function migrate(database: Database, migrations: readonly ListedMigration[]): Promise<void> {
  if (database.kind === "embedded") {
    await refuseNewer(database, migrations);
    await database.orm.migrator.up();
    return;
  }
  await database.patiently(async (patient) => {
    for (const [index, { name, ahead = [] }] of (await isInUse(patient)) ? migrations.entries() : []) {
      if (ahead.length === 0 || !(await isPending(patient, name))) continue;
      const before = migrations[index - 1];
      if (before !== undefined) await migrateTo(patient, migrations, before.name);
      await runAhead(patient, name, ahead);
    }
    await migrateTo(patient, migrations);
  });
}

async function migrateTo(database: Database, migrations: readonly ListedMigration[], to?: string): Promise<void> {
  await database.fork().transactional(async (tx) => {
    await withoutTimeLimits(tx);
    await takeLock(tx, "migration");
    await refuseNewer(database, migrations);
    const transaction = tx.getTransactionContext();
    await database.orm.migrator.up(to === undefined ? { transaction } : { transaction, to });
  });
}

const isInUse = async (database: Database): Promise<boolean> =>
  (await query(database.fork(), sql`select 1 where to_regclass('mikro_orm_migrations') is not null`)).length > 0;

const isPending = async (database: Database, name: string): Promise<boolean> =>
  (await database.orm.migrator.getPending()).some((pending) => pending.name === name);

const AHEAD_POLL_MS = 200;

/** On one node at a time; the others come when it is done, and find nothing to do. */
async function runAhead(database: Database, name: string, statements: readonly string[]): Promise<void> {
  await database.fork().transactional(async (tx) => {
    await withoutTimeLimits(tx);
    // Not by waiting in the database: an index that is made while others write waits for every statement, and so for that one.
    while (!(await tryLock(tx, "ahead"))) await pause(AHEAD_POLL_MS);
    if (!(await isPending(database, name))) return;
    await database
      .fork()
      .getKysely()
      .connection()
      .execute(async (connection) => {
        await sql`set statement_timeout = 0`.execute(connection);
        await sql`set lock_timeout = 0`.execute(connection);
        for (const statement of statements) await runOneAhead(connection, statement);
      });
  });
}

async function runOneAhead(connection: QueryExecutorProvider, statement: string): Promise<void> {
  const index = /^create index if not exists (\S+)/.exec(statement)?.[1];
  if (index !== undefined) {
    const broken = sql`select 1 from pg_index where indexrelid = to_regclass(${index}) and not indisvalid`;
    // What broke off in the middle has left an index that is kept up and never used.
    if ((await broken.execute(connection)).rows.length > 0)
      await sql`drop index concurrently ${sql.id(index)}`.execute(connection);
  }
  await sql.raw(statement.replace("create index", "create index concurrently")).execute(connection);
}

/** Lets this transaction's statements, and its waiting for another's, take longer than they are usually given. */
export async function withoutTimeLimits(tx: SqlEntityManager): Promise<void> {
  for (const setting of ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]) {
    await query(tx, sql`select set_config(${setting}, '0', true)`);
  }
}

/** Whether the tables are at least at this program's version. */
export async function isMigrated(database: Database): Promise<boolean> {
  return (await database.orm.migrator.getPending()).length === 0;
}

async function refuseNewer(database: Database, migrations: readonly ListedMigration[]): Promise<void> {
  const known = new Set(migrations.map((migration) => migration.name));
  const executed = await database.orm.migrator.getExecuted();
  const unknown = executed.map((row) => row.name).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new DatabaseIsNewer(
      `The database was migrated by a newer version of Parley (${unknown.join(", ")}). Start that version, or restore a backup from before it.`,
    );
  }
}
