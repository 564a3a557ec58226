import pg from "pg";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp, type App } from "../app.js";
import { loadConfig } from "../config.js";
import { entities } from "../entities.js";
import { migrations } from "../migrations/migrations.js";
import { openDatabase, type Database } from "../platform/orm.js";
import { query, sql } from "../platform/sql.js";
import { UNLIMITED } from "../test/unlimited.js";
import { seedGrowth, type Size } from "./growth.seed.js";
import { seedSearch } from "./search.seed.js";
import type { RunLong } from "./late-indexes.js";
import { seed } from "./seed.js";
import { countStatements, readSettledUsage, readUsage } from "./usage.js";
import { serveCalls } from "./worker.js";

/** The measured server: the whole app at production settings, in a process of its own. */

export interface ServerOptions {
  /** Null: the embedded database, which then counts into the server's CPU time. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly secret: string;
  /** The host product's; absent: it has none. */
  readonly serviceToken?: string;
  /** What connects it with other nodes; absent: it is alone. */
  readonly redisUrl?: string;
  /** It is a further node, on a database that the first one has filled. */
  readonly joins?: boolean;
  /** More settings. */
  readonly env?: Readonly<Record<string, string>>;
}

let app: App | undefined;
let runLong: RunLong | undefined;
let folder = "";
let peakBytes = 0;
let watch: NodeJS.Timeout | undefined;
const WATCH_EVERY_MS = 5;

async function filesIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const calls = {
  /** Resolves to where it listens. */
  async start(options: ServerOptions): Promise<string> {
    const { databaseUrl, dataDir, secret, serviceToken, redisUrl, joins, env } = options;
    const database = await openDatabase({ url: databaseUrl ?? undefined, dataDir, entities, migrations });
    const config = loadConfig({
      NODE_ENV: "production",
      PORT: "0",
      DATA_DIR: dataDir,
      JWT_SECRET: secret,
      LOG_LEVEL: "warn",
      ...UNLIMITED,
      ...(serviceToken === undefined ? {} : { SERVICE_TOKEN: serviceToken }),
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      ...env,
    });
    app = await createApp(config, { database });
    folder = dataDir;
    if (joins !== true) await seed(database);
    runLong = databaseUrl === null ? embedded(database) : (text) => onPostgres(databaseUrl, text);
    return app.url;
  },
  async seedSearch(messages: number): Promise<void> {
    if (runLong === undefined) throw new Error("Nothing was started.");
    await seedSearch(runLong, messages);
  },
  /** Each with rooms of a size, filled one after the other. */
  async seedGrowth(sizes: readonly Size[]): Promise<void> {
    if (runLong === undefined) throw new Error("Nothing was started.");
    await seedGrowth(runLong, sizes);
  },
  /** One value a table of the host's copies, which is another one when any row was written. */
  async rowVersions(): Promise<readonly string[]> {
    if (runLong === undefined) throw new Error("Nothing was started.");
    const tables = ["chat_user", "chat_project", "chat_membership"].map(
      (table) =>
        `select '${table} ' || count(*) || ' ' || coalesce(md5(string_agg(ctid::text || xmin::text, ' ' order by ctid)), '') as version from ${table}`,
    );
    return (await runLong(tables.join(" union all "))).map(({ version }) => String(version));
  },
  /** Every file that an upload may leave on this machine. */
  async uploadFiles(): Promise<readonly string[]> {
    const parsed = (await readdir(tmpdir())).filter((name) => name.startsWith("capacitor-"));
    return [...parsed, ...(await filesIn(join(folder, "media"))), ...(await filesIn(join(folder, "incoming")))];
  },
  watchMemory(): void {
    peakBytes = 0;
    watch = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), WATCH_EVERY_MS);
  },
  /** The most that the process had since it was watched, resident. */
  peakMemory(): number {
    clearInterval(watch);
    return peakBytes;
  },
  usage: readUsage,
  settledUsage: readSettledUsage,
};

const embedded =
  (database: Database): RunLong =>
  (text) =>
    query(database.fork(), sql.raw(text));

/** On a connection that is not given up after a while, as those of the app are. */
async function onPostgres(url: string, text: string): ReturnType<RunLong> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("set maintenance_work_mem = '1GB'");
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

export type ServerCalls = typeof calls;

countStatements();
serveCalls(calls, async () => app?.close());
