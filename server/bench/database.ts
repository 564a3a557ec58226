import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

const SERVER_URL = process.env.TEST_DATABASE_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";
const CONNECT_TIMEOUT_MS = 2_000;

/** Where a benchmark keeps its data; removed afterwards. */
export interface BenchDatabase {
  /** Null: PostgreSQL does not answer, so it is the embedded database. */
  readonly url: string | null;
  readonly dataDir: string;
  /** What it is, with its version. */
  readonly name: string;
  drop(): Promise<void>;
}

/** A database of one's own on PostgreSQL, if that answers, else a folder for the embedded one. */
export async function createBenchDatabase(): Promise<BenchDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const removeFolder = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  const client = new pg.Client({ connectionString: SERVER_URL, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  const answers = await client.connect().then(
    () => true,
    () => false,
  );
  if (!answers) {
    return { url: null, dataDir, name: "the embedded database", drop: removeFolder };
  }
  const database = `parley_bench_${process.pid}_${randomBytes(3).toString("hex")}`;
  await client.query(`create database ${database}`);
  const version = await client.query<{ version: string }>("select current_setting('server_version') as version");
  const url = new URL(SERVER_URL);
  url.pathname = `/${database}`;
  return {
    url: url.href,
    dataDir,
    name: `PostgreSQL ${version.rows[0]?.version ?? ""}`,
    async drop() {
      await client.query(`drop database if exists ${database} with (force)`);
      await client.end();
      await removeFolder();
    },
  };
}
