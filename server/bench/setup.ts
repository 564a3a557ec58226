import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import type { BalancerCalls } from "./balancer.process.js";
import { createBenchDatabase } from "./database.js";
import { cpuBetween, openDatabaseCpu, type CpuByProcess } from "./database-cpu.js";
import type { LoadCalls } from "./load.process.js";
import { createTokens } from "./load.tokens.js";
import { steadyPort } from "./ports.js";
import { startRedis } from "./redis.js";
import type { ServerCalls } from "./server.process.js";
import { startWorker, type Worker } from "./worker.js";

/** One installation: nodes on a database of their own, with whatever stands between them, and clients of their own. */
export interface Setup {
  /** The first one has filled the database. */
  readonly nodes: readonly [Worker<ServerCalls>, ...Worker<ServerCalls>[]];
  readonly load: Worker<LoadCalls>;
  /** Where clients come: the only node, or the balancer. */
  readonly url: string;
  /** Null: the embedded database. */
  readonly databaseUrl: string | null;
  token(user: number): Promise<string>;
  read(): Promise<Reading>;
  end(): Promise<void>;
}

export interface SetupOptions {
  readonly nodes: 1 | 2;
  readonly hasRedis: boolean;
  /** More settings of the nodes. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What every part of an installation has used so far, in microseconds. */
interface Reading {
  readonly nodes: readonly number[];
  readonly balancer: number;
  readonly redis: number;
  readonly database: CpuByProcess | undefined;
  readonly statements: number;
}

/** What every part has used for something, in microseconds. */
export interface Shares {
  readonly nodes: readonly number[];
  readonly balancer: number;
  readonly redis: number;
  /** Undefined where it can't be seen. */
  readonly database: number | undefined;
  readonly statements: number;
}

/** Starts it; two nodes have a balancer before them. Throws when Redis is asked for and there is none. */
export async function startSetup({ nodes: count, hasRedis, env = {} }: SetupOptions): Promise<Setup> {
  const stack = new AsyncDisposableStack();
  try {
    const database = await createBenchDatabase();
    stack.defer(() => database.drop());
    const redis = hasRedis ? await startRedis(await steadyPort()) : undefined;
    if (hasRedis && redis === undefined) throw new Error("There is no redis-server here. Put it on the PATH.");
    stack.defer(async () => redis?.end());
    const secret = randomBytes(48).toString("base64");
    const options = { databaseUrl: database.url, dataDir: database.dataDir, secret, env };
    const start = async (joins: boolean): Promise<readonly [Worker<ServerCalls>, string]> => {
      const node = startWorker<ServerCalls>("server.process", ["--expose-gc"]);
      stack.defer(() => node.stop());
      const url = await node.call("start", { ...options, joins, ...(redis && { redisUrl: redis.url }) });
      return [node, url];
    };
    const [first, firstUrl] = await start(false);
    const [second, secondUrl] = count === 2 ? await start(true) : [];
    const balancer = secondUrl === undefined ? undefined : startWorker<BalancerCalls>("balancer.process");
    stack.defer(async () => balancer?.stop());
    const url = (await balancer?.call("start", [firstUrl, secondUrl ?? ""])) ?? firstUrl;
    const load = startWorker<LoadCalls>("load.process");
    stack.defer(() => load.stop());
    await load.call("start", url, "", secret);
    const databaseCpu = await openDatabaseCpu(database.url);
    stack.defer(() => databaseCpu.end());
    const asked = redis && new Redis(redis.url);
    stack.defer(async () => asked?.disconnect());
    const nodes = second === undefined ? ([first] as const) : ([first, second] as const);
    return {
      nodes,
      load,
      url,
      databaseUrl: database.url,
      token: createTokens(secret),
      async read() {
        const usages = await Promise.all(nodes.map((node) => node.call("usage")));
        return {
          nodes: usages.map(({ cpuMicros }) => cpuMicros),
          statements: usages.reduce((sum, { statements }) => sum + statements, 0),
          balancer: (await balancer?.call("usage"))?.cpuMicros ?? 0,
          redis: asked === undefined ? 0 : parseCpuMicros(await asked.info("cpu")),
          database: await databaseCpu.read(),
        };
      },
      end: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** What an installation spends while something runs against it. */
export async function share<Result>(setup: Setup, run: () => Promise<Result>): Promise<Shares & { result: Result }> {
  const before = await setup.read();
  const result = await run();
  const after = await setup.read();
  return {
    result,
    nodes: after.nodes.map((micros, index) => micros - (before.nodes[index] ?? 0)),
    balancer: after.balancer - before.balancer,
    redis: after.redis - before.redis,
    database: cpuBetween(before.database, after.database),
    statements: after.statements - before.statements,
  };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function parseCpuMicros(info: string): number {
  const seconds = ["used_cpu_user", "used_cpu_sys"].map((name) => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1]);
  return sum(seconds.map(Number)) * 1e6;
}
