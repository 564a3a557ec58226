import pg from "pg";

/** The PostgreSQL of the tests that need one. It is shared: each makes databases of its own. */
export const POSTGRES_URL = process.env.TEST_DATABASE_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";

let databases = 0;

/** An empty database of one's own. */
export interface PostgresDatabase {
  readonly url: string;
  /** Keeps what is in it now. Whoever is connected is thrown out for a moment. */
  backUp(): Promise<void>;
  /** Puts it back to what was kept, under whoever is connected. */
  restore(): Promise<void>;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

export async function createPostgresDatabase(): Promise<PostgresDatabase> {
  databases += 1;
  const name = `parley_test_${process.pid}_${databases}`;
  const backup = `${name}_backup`;
  const client = new pg.Client({ connectionString: POSTGRES_URL });
  await client.connect();
  await client.query(`create database ${name}`);
  const drop = (database: string): Promise<unknown> => client.query(`drop database if exists ${database} with (force)`);
  return {
    url: urlOfDatabase(name),
    async backUp() {
      await client.query(`alter database ${name} with allow_connections false`);
      await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
      await client.query(`create database ${backup} template ${name}`);
      await client.query(`alter database ${name} with allow_connections true`);
    },
    async restore() {
      await drop(name);
      await client.query(`alter database ${backup} rename to ${name}`);
    },
    async drop() {
      for (const database of [name, backup]) await drop(database);
      await client.end();
    },
  };
}

/** Where a database of that PostgreSQL is. */
export function urlOfDatabase(name: string): string {
  const url = new URL(POSTGRES_URL);
  url.pathname = `/${name}`;
  return url.href;
}
