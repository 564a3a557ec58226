import { once } from "node:events";
import type { ChildProcess } from "node:child_process";
import { Redis } from "ioredis";
import { end, launch } from "./processes.js";

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

/** Starts `redis-server` from the PATH; undefined when there is none. */
export async function startRedis(port: number): Promise<BenchRedis | undefined> {
  let child = await startServer(port);
  if (child === undefined) return undefined;
  const url = `redis://127.0.0.1:${port}`;
  const name = `Redis ${await versionOf(url)}`;
  const kill = async (): Promise<void> => {
    if (child !== undefined) await end(child, "SIGKILL");
  };
  let away: "kill" | "stop" | undefined;
  return {
    url,
    name,
    async takeAway(how) {
      away = how;
      if (how === "stop") child?.kill("SIGSTOP");
      else await kill();
    },
    async giveBack() {
      if (away === "stop") child?.kill("SIGCONT");
      if (away === "kill") child = await startServer(port);
      away = undefined;
      await versionOf(url);
    },
    end: kill,
  };
}

async function startServer(port: number): Promise<ChildProcess | undefined> {
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = launch(PROGRAM, settings, { stdio: "ignore" });
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
