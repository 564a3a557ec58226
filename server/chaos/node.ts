import type { ChildProcess } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";
import type { Random } from "../demo/demo-random.js";
import { startFaultProxy, type FaultProxy } from "./fault-proxy.js";
import { end, isRunning, launch, run } from "../bench/processes.js";
import { eventually } from "./until.js";

/** One Parley, as it is deployed: the built server in a process of its own, with a breakable way to everything. */
export interface ClusterNode {
  /** e.g. `node 2`. */
  readonly name: string;
  /** Where clients find it, through `front`. It stays the same when the node starts again. */
  readonly url: string;
  /** The file that all it says goes to. */
  readonly log: string;
  readonly front: FaultProxy;
  readonly toPostgres: FaultProxy;
  readonly toRedis: FaultProxy;
  readonly isRunning: boolean;
  /** Its resident memory, as the operating system counts it. */
  memoryBytes(): Promise<number>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM, as a deploy does, until it has ended; its status, or the signal that had to end it. */
  terminate(): Promise<number | NodeJS.Signals | null>;
  /** SIGSTOP: it holds its connections, and neither reads nor answers. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Starts it again, as often as it takes; resolves once it says that it is ready. */
  start(): Promise<void>;
  /** How often a start has ended before it was ready. */
  readonly failedStarts: number;
  close(): Promise<void>;
}

export interface NodeParts {
  readonly folder: string;
  readonly random: Random;
  readonly postgresPort: number;
  readonly redisPort: number;
  /** Settings beside the addresses of PostgreSQL and Redis. */
  readonly env: Readonly<Record<string, string>>;
}

const MAIN = join(import.meta.dirname, "../main.js");
const READY = /Parley is ready: http:\/\/[^\s:]+:(\d+)/;
/** A start may have to wait for its database. */
const READY_WITHIN_MS = 90_000;

export async function startNode(number: number, parts: NodeParts): Promise<ClusterNode> {
  const name = `node ${number}`;
  const { random } = parts;
  const toPostgres = await startFaultProxy({ targets: [{ port: parts.postgresPort }], random });
  const toRedis = await startFaultProxy({ targets: [{ port: parts.redisPort }], random });
  // Nobody answers there until the node says where it listens.
  const front = await startFaultProxy({ targets: [], random });
  const env = {
    PATH: process.env.PATH ?? "",
    ...parts.env,
    PORT: "0",
    DATABASE_URL: `postgres://postgres@127.0.0.1:${toPostgres.port}/parley`,
    REDIS_URL: `redis://127.0.0.1:${toRedis.port}`,
  };
  const log = join(parts.folder, `node-${number}.log`);
  const toLog = createWriteStream(log, { flags: "a" });
  let child: ChildProcess | undefined;
  let failedStarts = 0;
  const start = async (): Promise<void> => {
    const what = `${name} to start: see its log in ${parts.folder}`;
    await eventually(() => tryStart(), what, READY_WITHIN_MS);
  };
  const tryStart = async (): Promise<boolean> => {
    child = launchServer(env, toLog);
    const port = await portOf(child, name);
    if (port === undefined) failedStarts += 1;
    else front.aim({ port });
    return port !== undefined;
  };
  await start();
  return {
    name,
    url: `http://127.0.0.1:${front.port}`,
    log,
    front,
    toPostgres,
    toRedis,
    get isRunning() {
      return child !== undefined && isRunning(child);
    },
    get failedStarts() {
      return failedStarts;
    },
    memoryBytes: async () => Number(await run("ps", ["-o", "rss=", "-p", String(child?.pid)], {})) * 1_024,
    async kill() {
      if (child !== undefined) await end(child, "SIGKILL");
    },
    terminate: async () => (child === undefined ? null : end(child, "SIGTERM")),
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    start,
    async close() {
      if (child !== undefined) await end(child, "SIGKILL");
      for (const proxy of [front, toPostgres, toRedis]) await proxy.close();
      toLog.end();
    },
  };
}

function launchServer(env: NodeJS.ProcessEnv, log: WriteStream): ChildProcess {
  const child = launch(process.execPath, [MAIN], { env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  return child;
}

/** Where it listens, once it says so; undefined when it has ended before. */
async function portOf(child: ChildProcess, name: string): Promise<number | undefined> {
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const port = await eventually(() => READY.exec(said)?.[1] ?? !isRunning(child), name, READY_WITHIN_MS);
  return port === true ? undefined : Number(port);
}
