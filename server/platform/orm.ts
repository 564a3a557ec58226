import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { dataDir as prepopulated } from "@electric-sql/pglite-prepopulatedfs";
import { MikroORM, type EntityClass, type Options } from "@mikro-orm/core";
import { Migrator, type Migration } from "@mikro-orm/migrations";
import { PgliteDriver } from "@mikro-orm/pglite";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import type { AbstractSqlDriver, SqlEntityManager } from "@mikro-orm/sql";
import { Client, type ClientBase, type Pool } from "pg";
import { prepareOn } from "./prepared.js";
import type { RawBuilder } from "./sql.js";

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
  /**
   * An entity manager to run statements with, outside of any transaction. No entity is read by one, so there is a single
   * one for all: making it costs as much as sending a statement.
   */
  fork(): SqlEntityManager;
  /** Asks it by a connection that is made for this, whatever the others are busy with. Throws what stands in the way. */
  reach(): Promise<void>;
  /** Gives the work a database whose statements may take as long as they take, on connections of their own. */
  patiently<Result>(work: (database: Database) => Promise<Result>): Promise<Result>;
  /**
   * Has each connection that is made from now on looked at before anything else runs on it: after an outage another
   * database may answer. What the check throws is thrown to who wanted the connection. The embedded database has one,
   * and it is there.
   */
  checkConnections(check: ConnectionCheck): void;
  /** The whole embedded database as an image to start another one from. */
  dump(): Promise<Blob>;
  close(): Promise<void>;
}

/** Looks at a connection by what runs on it alone. */
export type ConnectionCheck = (run: RunStatement) => Promise<unknown>;
export type RunStatement = <Row>(statement: RawBuilder<Row>) => Promise<readonly Row[]>;

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
  const em = orm.em.fork();
  const database: Database = {
    orm,
    kind: "embedded",
    fork: () => em,
    reach: async () => {},
    // It is in this process: nothing limits its statements.
    patiently: (work) => work(database),
    checkConnections() {},
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
  let check: ConnectionCheck | undefined;
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
      onPoolCreated: (pool: Pool) => void pool.on("connect", prepareOn),
      // Kysely has a hook of its own, and loses the connection on which it fails.
      onConnect: async (client: ClientBase) =>
        check?.(async (statement) => {
          const { sql: text, parameters } = statement.compile(orm.em.getKysely());
          return (await client.query({ text, values: [...parameters] })).rows;
        }),
      // A little longer than the server's own limit: for a server that does not answer at all.
      ...(options.isPatient === true ? {} : { query_timeout: STATEMENT_TIMEOUT_MS + 2_000 }),
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    },
  });
  const em = orm.em.fork();
  return {
    orm,
    kind: "postgresql",
    fork: () => em,
    reach: () => reachPostgres(url),
    async patiently(work) {
      const patient = await openPostgres({ ...options, isPatient: true }, url);
      try {
        return await work(patient);
      } finally {
        await patient.close();
      }
    },
    checkConnections: (wanted) => (check = wanted),
    dump: () => Promise.reject(new Error("Use pg_dump for a PostgreSQL database.")),
    close: () => orm.close(true),
  };
}

async function reachPostgres(url: string): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: "parley",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
  });
  // Once it has failed there is nobody whom it does not tell.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
  } finally {
    // A server that hangs does not answer a goodbye.
    client.end().catch(() => {});
  }
}
