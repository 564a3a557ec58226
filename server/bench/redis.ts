import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { Redis } from "ioredis";

/** A Redis of one's own, which can be taken away and given back. It keeps nothing. */
export interface BenchRedis {
  readonly url: string;
  /** What it is, with its version. */
  readonly name: string;
  /** Kills it (SIGKILL), or has it hang (SIGSTOP): then it takes connections and bytes, and answers nothing. */
  takeAway(how: "kill" | "stop"): Promise<void>;
  /** Resolves once it answers again. */
  giveBack(): Promise<void>;
  end(): Promise<void>;
}

const PROGRAM = "redis-server";
const ASK_EVERY_MS = 10;

/** Starts `redis-server` from the PATH on a free port; undefined when there is none. */
export async function startRedis(): Promise<BenchRedis | undefined> {
  const port = await freePort();
  let child = await launch(port);
  if (child === undefined) return undefined;
  const url = `redis://127.0.0.1:${port}`;
  const name = `Redis ${await versionOf(url)}`;
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  let isStopped = false;
  return {
    url,
    name,
    async takeAway(how) {
      isStopped = how === "stop";
      if (isStopped) child?.kill("SIGSTOP");
      else await kill();
    },
    async giveBack() {
      if (isStopped) child?.kill("SIGCONT");
      else child = await launch(port);
      await versionOf(url);
    },
    end: kill,
  };
}

async function launch(port: number): Promise<ChildProcess | undefined> {
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn(PROGRAM, settings, { stdio: "ignore" });
  const isThere = await once(child, "spawn").then(
    () => true,
    () => false,
  );
  return isThere ? child : undefined;
}

/** Asks until it answers. */
async function versionOf(url: string): Promise<string> {
  const redis = new Redis(url, { retryStrategy: () => ASK_EVERY_MS, maxRetriesPerRequest: null });
  // While nobody is there, as at the start, each attempt says so.
  redis.on("error", () => {});
  try {
    return /redis_version:(\S+)/.exec(await redis.info("server"))?.[1] ?? "";
  } finally {
    redis.disconnect();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("The system gave no port.");
  return address.port;
}
