import { readFile } from "node:fs/promises";
import pg from "pg";

/** What the processes that serve one database have used of the processors. */
export interface DatabaseCpu {
  /** Microseconds so far, by process; undefined where it can't be seen: elsewhere, or embedded. */
  read(): Promise<CpuByProcess | undefined>;
  end(): Promise<void>;
}

export type CpuByProcess = ReadonlyMap<number, number>;

/**
 * The connections' own processes, as Linux counts them on this machine. What PostgreSQL does beside them, once for all
 * databases (it writes the log ahead, makes checkpoints, tidies up), is not in it.
 */
export async function openDatabaseCpu(url: string | null): Promise<DatabaseCpu> {
  const isHere = url !== null && ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
  if (!isHere) return { read: async () => undefined, end: async () => {} };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    async read() {
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity
         where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      const read = await Promise.all(rows.map(async ({ pid }) => [pid, await cpuMicrosOf(pid)] as const));
      const seen = read.flatMap(([pid, micros]) => (micros === undefined ? [] : [[pid, micros] as const]));
      return seen.length === 0 && rows.length > 0 ? undefined : new Map(seen);
    },
    end: () => client.end(),
  };
}

/** What was used between two readings; undefined when either could not be made. */
export function cpuBetween(before: CpuByProcess | undefined, after: CpuByProcess | undefined): number | undefined {
  if (before === undefined || after === undefined) return undefined;
  return [...after].reduce((sum, [pid, micros]) => sum + micros - (before.get(pid) ?? 0), 0);
}

/** Of a process with one thread; undefined when it is not there, or is not PostgreSQL (a number of another machine's). */
async function cpuMicrosOf(pid: number): Promise<number | undefined> {
  try {
    const name = await readFile(`/proc/${pid}/comm`, "utf8");
    if (!name.startsWith("postgres")) return undefined;
    // Its first number is nanoseconds: `stat` counts hundredths of a second, which is as long as many statements.
    const [nanos] = (await readFile(`/proc/${pid}/schedstat`, "utf8")).split(" ");
    return Number(nanos) / 1_000;
  } catch {
    return undefined;
  }
}
