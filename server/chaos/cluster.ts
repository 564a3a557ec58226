import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis, type BenchRedis } from "../bench/redis.js";
import type { Random } from "../demo/demo-random.js";
import { startNode, type ClusterNode } from "./node.js";
import { steadyPort } from "../bench/ports.js";
import { startPostgres, type OwnPostgres } from "./postgres.js";
import { UNLIMITED } from "../test/unlimited.js";
import { removeAtEnd } from "../bench/processes.js";
import type { Weather } from "./lane.js";

/** Several nodes with a PostgreSQL and a Redis of their own, all of it breakable. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[];
  readonly postgres: OwnPostgres;
  readonly redis: BenchRedis;
  /** What people's tokens are signed with, and what the host product shows. */
  readonly secret: string;
  readonly serviceToken: string;
  /** Logs and data; removed at the end of this process, unless it is kept. */
  readonly folder: string;
  /** Lets the folder be, so that its logs can be read. */
  keep(): void;
  /** What the nodes have said so far, one after the other. */
  readLogs(): Promise<string>;
  /** Clears every way, and starts or continues whatever is not running. */
  heal(): Promise<void>;
  /** Ends everything. */
  close(): Promise<void>;
}

export interface ClusterOptions {
  readonly nodes: number;
  readonly random: Random;
  /** More settings of the nodes. */
  readonly env?: Readonly<Record<string, string>>;
}

const CLEAR: Weather = {};

export async function startCluster({ nodes: count, random, env = {} }: ClusterOptions): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), "parley-chaos-"));
  const { keep } = removeAtEnd(folder);
  // PostgreSQL may be another user, who has to get at its own folder in this one.
  await chmod(folder, 0o755);
  const secret = randomBytes(48).toString("base64");
  const serviceToken = randomBytes(48).toString("base64url");
  const redis = await startRedis(await steadyPort());
  if (redis === undefined) throw new Error("There is no redis-server here. Install Redis, or put it on the PATH.");
  const postgres = await startPostgres(folder);
  const settings = {
    NODE_ENV: "production",
    DATA_DIR: folder,
    JWT_SECRET: secret,
    SERVICE_TOKEN: serviceToken,
    LOG_LEVEL: "warn",
    ...UNLIMITED,
    ...env,
  };
  const parts = { folder, random, postgresPort: postgres.port, redisPort: Number(new URL(redis.url).port) };
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const nodes = await Promise.all(numbers.map((number) => startNode(number, { ...parts, env: settings })));
  const heal = async (): Promise<void> => {
    await postgres.start();
    await redis.giveBack();
    for (const { front, toPostgres, toRedis } of nodes)
      for (const proxy of [front, toPostgres, toRedis]) proxy.setWeather(CLEAR);
    for (const node of nodes) {
      node.resume();
      if (!node.isRunning) await node.start();
    }
  };
  return {
    nodes,
    postgres,
    redis,
    secret,
    serviceToken,
    folder,
    keep,
    heal,
    readLogs: async () => (await Promise.all(nodes.map(({ log }) => readFile(log, "utf8")))).join(""),
    async close() {
      for (const node of nodes) await node.close();
      await postgres.stop("immediate");
      await redis.end();
    },
  };
}
