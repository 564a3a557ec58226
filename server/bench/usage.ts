import { PGlite } from "@electric-sql/pglite";
import pg from "pg";

/** What a process has used so far. */
export interface Usage {
  /** User and system time of the whole process, all threads. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
  /** Objects and buffers that are in use. */
  readonly heapBytes: number;
  /** Sent to the database. */
  readonly statements: number;
  readonly atMs: number;
  readonly loopActiveMs: number;
}

let statements = 0;

/** Counts every statement that this process sends to a database, whichever library sends it. */
export function countStatements(): void {
  for (const prototype of [pg.Client.prototype, PGlite.prototype]) {
    const original: unknown = Reflect.get(prototype, "query");
    if (typeof original !== "function") throw new Error("The database's client has no method `query` to count.");
    Reflect.set(prototype, "query", function counted(this: unknown, ...args: unknown[]): unknown {
      statements += 1;
      return Reflect.apply(original, this, args);
    });
  }
}

export function readUsage(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const loopActiveMs = performance.eventLoopUtilization().active;
  return {
    cpuMicros: user + system,
    rssBytes: rss,
    heapBytes: heapUsed + external,
    statements,
    atMs: performance.now(),
    loopActiveMs,
  };
}

/** As {@link readUsage}, with nothing in it that could be let go. Needs `--expose-gc`. */
export async function readSettledUsage(): Promise<Usage> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return readUsage();
}

/** How many files, and so connections, a process may have open here. Infinity where nothing is known of a limit. */
export function openFilesLimit(): number {
  const { userLimits } = parseReport(process.report.getReport());
  const limit = Number(userLimits?.open_files?.soft);
  return Number.isNaN(limit) ? Infinity : limit;
}

function parseReport(report: object): { readonly userLimits?: { readonly open_files?: { readonly soft: unknown } } } {
  return report;
}

/** The share of the time between two readings in which the process's one thread of JavaScript was busy: 0 to 1. */
export function busyShare(before: Usage, after: Usage): number {
  return (after.loopActiveMs - before.loopActiveMs) / Math.max(after.atMs - before.atMs, 1);
}
