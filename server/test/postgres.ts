import pg from "pg";

/** The PostgreSQL of the tests that need one. It is shared: each makes databases of its own. */
export const POSTGRES_URL = process.env.TEST_DATABASE_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";

let databases = 0;

/** An empty database of one's own. */
export interface PostgresDatabase {
  readonly url: string;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

export async function createPostgresDatabase(): Promise<PostgresDatabase> {
  databases += 1;
  const name = `parley_test_${process.pid}_${databases}`;
  const client = new pg.Client({ connectionString: POSTGRES_URL });
  await client.connect();
  await client.query(`create database ${name}`);
  return {
    url: urlOfDatabase(name),
    async drop() {
      await client.query(`drop database ${name} with (force)`);
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
