import { readFile } from "node:fs/promises";
import type pg from "pg";

/** Ends a count: the CPU time in microseconds that the database has spent meanwhile; undefined when that can't be seen. */
export type EndCount = () => Promise<number | undefined>;

/**
 * Counts the CPU time of the processes that serve a database's connections, as Linux knows it. They are found only where
 * PostgreSQL runs on this machine, outside of containers.
 */
export async function countBackends(client: pg.Client, database: string): Promise<EndCount> {
  const before = await readBackends(client, database);
  return async () => {
    const after = await readBackends(client, database);
    // One that has come meanwhile counts whole; what one that has gone spent before that is not known, and is next to nothing.
    const spent = [...after].map(([pid, micros]) => micros - (before.get(pid) ?? 0));
    const sum = spent.reduce((total, micros) => total + micros, 0);
    return after.size === 0 || Number.isNaN(sum) ? undefined : sum;
  };
}

async function readBackends(client: pg.Client, database: string): Promise<ReadonlyMap<number, number>> {
  const { rows } = await client.query<{ pid: number }>(
    "select pid from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
    [database],
  );
  return new Map(await Promise.all(rows.map(async ({ pid }) => [pid, await microsOf(pid)] as const)));
}

/** NaN for what is no process of PostgreSQL here, whoever has its number. */
async function microsOf(pid: number): Promise<number> {
  const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  const [name, schedule] = await Promise.all([read("comm"), read("schedstat")]);
  const [nanos] = schedule.split(" ");
  return name.startsWith("postgres") && nanos !== undefined && nanos !== "" ? Number(nanos) / 1_000 : NaN;
}
