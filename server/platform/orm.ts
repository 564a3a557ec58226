import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { dataDir as prepopulated } from "@electric-sql/pglite-prepopulatedfs";
import { MikroORM, type EntityClass, type Options } from "@mikro-orm/core";
import { Migrator, type Migration } from "@mikro-orm/migrations";
import { PgliteDriver } from "@mikro-orm/pglite";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import type { AbstractSqlDriver, SqlEntityManager } from "@mikro-orm/sql";
import type { QueryExecutorProvider } from "kysely";
import { takeLock, tryLock } from "./advisory-lock.js";
import { query, queryOne, sql } from "./sql.js";

/** One migration as it is listed in `server/migrations/migrations.ts`: its stable name and its class. */
export interface ListedMigration {
  readonly name: string;
  readonly class: new (...args: ConstructorParameters<typeof Migration>) => Migration;
  /**
   * On a PostgreSQL that is in use already, these run before the migration, each by itself, and indexes are made while
   * others write. The migration has them, too, and finds them done; so each can be run twice without harm.
   */
  readonly ahead?: readonly string[];
}

export type Orm = MikroORM<AbstractSqlDriver, SqlEntityManager>;

/** An open database, whichever of the two drivers it stands on. */
export interface Database {
  readonly orm: Orm;
  readonly kind: "embedded" | "postgresql";
  /** A fresh entity manager with an identity map of its own: one for each operation. */
  fork(): SqlEntityManager;
  /** Gives the work a database whose statements may take as long as they take, on connections of their own. */
  patiently<Result>(work: (database: Database) => Promise<Result>): Promise<Result>;
  /** The whole embedded database as an image to start another one from. */
  dump(): Promise<Blob>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** A `postgres://` URL. Unset: the embedded database. */
  readonly url?: string | undefined;
  /** Where the embedded database keeps its files; unset with no `url`: in memory. */
  readonly dataDir?: string | undefined;
  /** Waits for statements as long as they take: for a command that works on all there is. */
  readonly isPatient?: boolean | undefined;
  /** A dump of a whole embedded database to start from (tests). */
  readonly image?: Blob | undefined;
  readonly entities: readonly EntityClass<object>[];
  readonly migrations: readonly ListedMigration[];
}

const MAX_CONNECTIONS = 10;
const STATEMENT_TIMEOUT_MS = 10_000;
const LOCK_TIMEOUT_MS = 5_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** What both drivers, the tests and the command line have in common. */
export function ormOptions(entities: readonly EntityClass<object>[], migrations: readonly ListedMigration[]) {
  return {
    entities: [...entities],
    extensions: [Migrator],
    migrations: {
      path: "dist/server/migrations",
      pathTs: "server/migrations",
      migrationsList: migrations.map((migration) => ({ name: migration.name, class: migration.class })),
      snapshot: false,
      silent: true,
      transactional: true,
      allOrNothing: true,
    },
    // Functions are written in migrations by hand: no entity speaks of them.
    schemaGenerator: { ignoreRoutines: true },
    forceUtcTimezone: true,
    discovery: { warnWhenNoEntities: false },
  } satisfies Partial<Options>;
}

/** Opens the database without changing it. Close it with `close()`, or the process stays alive. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.url === undefined ? openEmbedded(options) : openPostgres(options, options.url);
}

async function openEmbedded(options: DatabaseOptions): Promise<Database> {
  const pglite = await createPglite(options);
  const orm = await MikroORM.init<AbstractSqlDriver, SqlEntityManager>({
    ...ormOptions(options.entities, options.migrations),
    driver: PgliteDriver,
    dbName: "postgres",
    driverOptions: { pglite },
  });
  const database: Database = {
    orm,
    kind: "embedded",
    fork: () => orm.em.fork(),
    // It is in this process: nothing limits its statements.
    patiently: (work) => work(database),
    dump: () => pglite.dumpDataDir("none"),
    async close() {
      await orm.close(true);
      await pglite.close();
    },
  };
  return database;
}

async function createPglite(options: DatabaseOptions): Promise<PGlite> {
  const extensions = { pg_trgm };
  if (options.dataDir === undefined) {
    return PGlite.create({ extensions, loadDataDir: options.image ?? (await prepopulated()) });
  }
  const folder = join(options.dataDir, "database");
  const exists = await isDatabaseFolder(folder);
  if (!exists) await mkdir(options.dataDir, { recursive: true });
  return PGlite.create({ dataDir: folder, extensions, ...(exists ? {} : { loadDataDir: await prepopulated() }) });
}

async function isDatabaseFolder(folder: string): Promise<boolean> {
  return access(join(folder, "PG_VERSION")).then(
    () => true,
    () => false,
  );
}

async function openPostgres(options: DatabaseOptions, url: string): Promise<Database> {
  const orm = await MikroORM.init<AbstractSqlDriver, SqlEntityManager>({
    ...ormOptions(options.entities, options.migrations),
    driver: PostgreSqlDriver,
    clientUrl: url,
    pool: { min: 0, max: MAX_CONNECTIONS },
    driverOptions: {
      application_name: "parley",
      // Compiling pays for statements that run for seconds; ours are meant to be short.
      options: "-c jit=off",
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // A little longer than the server's own limit: for a server that does not answer at all.
      ...(options.isPatient === true ? {} : { query_timeout: STATEMENT_TIMEOUT_MS + 2_000 }),
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    },
  });
  return {
    orm,
    kind: "postgresql",
    fork: () => orm.em.fork(),
    async patiently(work) {
      const patient = await openPostgres({ ...options, isPatient: true }, url);
      try {
        return await work(patient);
      } finally {
        await patient.close();
      }
    },
    dump: () => Promise.reject(new Error("Use pg_dump for a PostgreSQL database.")),
    close: () => orm.close(true),
  };
}

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

/** The database would lose what it has said is stored. */
export class DatabaseIsForgetful extends Error {
  override readonly name = "DatabaseIsForgetful";
}

/**
 * The settings by which a PostgreSQL may forget committed transactions in a power cut, each as a sentence with its
 * remedy. None for the embedded database, which says of itself what it survives.
 */
export async function durabilityFaults(database: Database): Promise<readonly string[]> {
  if (database.kind === "embedded") return [];
  const row = await queryOne<{ fsync: string; synchronous_commit: string }>(
    database.fork(),
    sql`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit`,
  );
  return (["fsync", "synchronous_commit"] as const)
    .filter((setting) => row?.[setting] === "off")
    .map(
      (setting) =>
        `PostgreSQL runs with ${setting} = off: messages that were acknowledged can be lost. Set ${setting} = on.`,
    );
}
