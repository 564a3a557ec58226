import { cpuBetween, type DatabaseCpu } from "./database-cpu.js";
import type { FloorCalls } from "./floor.process.js";
import type { LoadCalls } from "./load.process.js";
import type { Report } from "./report.js";
import type { ServerCalls } from "./server.process.js";
import { busyShare, openFilesLimit, type Usage } from "./usage.js";
import type { Worker } from "./worker.js";

/** What a benchmark is given: a fresh server on a fresh database, its floor, and a load generator for both. */
export interface Bench {
  readonly server: Worker<ServerCalls>;
  readonly floor: Worker<FloorCalls>;
  readonly load: Worker<LoadCalls>;
  readonly urls: { readonly parley: string; readonly floor: string };
  /** A token for a person of the plan. */
  token(user: number): Promise<string>;
  /** What the host product shows. */
  readonly serviceToken: string;
  /** Without PostgreSQL there is no floor under a database's work. */
  readonly hasPostgres: boolean;
  readonly databaseCpu: DatabaseCpu;
  readonly isQuick: boolean;
  /** Whether a scene of this name was asked for. */
  isWanted(scene: string): boolean;
  /** How long what is idle shall be so. */
  readonly minutes: number;
  readonly report: Report;
}

interface Measurable {
  call(name: "usage"): Promise<Usage>;
}

export interface Spent<Result> {
  readonly result: Result;
  readonly cpuMicros: number;
  /** PostgreSQL's; undefined where it can't be seen. */
  readonly databaseMicros: number | undefined;
  readonly statements: number;
}

/** A load generator this busy may be what was measured. */
const BUSY_SHARE = 0.85;

/** What a process has open beside its connections. */
const OTHER_FILES = 200;

/**
 * Each connection is a file of the process that holds it, and the load generator holds those of both sides.
 * @throws Error that says which limit to raise
 */
export function requireOpenFiles(connections: number): void {
  const needed = connections + OTHER_FILES;
  const limit = openFilesLimit();
  if (limit < needed) throw new Error(`This needs ${needed} open files and may have ${limit}: raise \`ulimit -n\`.`);
}

/** What a server spends while something runs against it. Says so when the load generator could give no more. */
export async function spend<Result>(
  bench: Bench,
  server: Measurable,
  what: string,
  run: () => Promise<Result>,
): Promise<Spent<Result>> {
  const loadBefore = await bench.load.call("usage");
  const databaseBefore = await bench.databaseCpu.read();
  const before = await server.call("usage");
  const result = await run();
  const after = await server.call("usage");
  const databaseMicros = cpuBetween(databaseBefore, await bench.databaseCpu.read());
  const loadBusy = busyShare(loadBefore, await bench.load.call("usage"));
  if (loadBusy > BUSY_SHARE && loadBusy > busyShare(before, after)) {
    bench.report.note(`${what}: the load generator was the bottleneck; CPU time holds, rates and latencies do not.`);
  }
  const cpuMicros = after.cpuMicros - before.cpuMicros;
  return { result, cpuMicros, databaseMicros, statements: after.statements - before.statements };
}

/** Runs both sides by turns, the first one changing with each pair, so that whatever slows the machine hits both. */
export async function inPairs<Result>(
  pairs: number,
  parley: () => Promise<Result>,
  floor: () => Promise<Result>,
): Promise<readonly { readonly parley: Result; readonly floor: Result }[]> {
  const results: { parley: Result; floor: Result }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    if (pair % 2 === 0) {
      const first = await floor();
      results.push({ floor: first, parley: await parley() });
    } else {
      const first = await parley();
      results.push({ parley: first, floor: await floor() });
    }
  }
  return results;
}
