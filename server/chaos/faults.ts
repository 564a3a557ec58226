import { setTimeout as pause } from "node:timers/promises";
import { createRandom, type Random } from "../demo/demo-random.js";
import type { Cluster } from "./cluster.js";
import type { FaultProxy } from "./fault-proxy.js";
import type { Weather } from "./lane.js";
import type { ClusterNode } from "./node.js";

/** What a fault gets to work on. */
export interface Scene {
  readonly cluster: Cluster;
  readonly random: Random;
}

/** Breaks something and mends it again; resolves when it is mended, to what was done. */
export type Fault = (scene: Scene) => Promise<string>;

/** For how long something is away. */
const awayMs = (random: Random): number => random.between(200, 3_000);

/** A node that nothing else is being done to. */
const busy = new Set<ClusterNode>();

async function withNode(scene: Scene, work: (node: ClusterNode) => Promise<string>): Promise<string> {
  const free = scene.cluster.nodes.filter((node) => !busy.has(node));
  if (free.length === 0) return "";
  const node = scene.random.pick(free);
  busy.add(node);
  try {
    return await work(node);
  } finally {
    busy.delete(node);
  }
}

const kill: Fault = (scene) =>
  withNode(scene, async (node) => {
    await node.kill();
    await pause(awayMs(scene.random));
    await node.start();
    return `${node.name} killed`;
  });

const stop: Fault = (scene) =>
  withNode(scene, async (node) => {
    const forMs = awayMs(scene.random) * 2;
    node.pause();
    await pause(forMs);
    node.resume();
    return `${node.name} stopped for ${forMs} ms`;
  });

const deploy: Fault = (scene) =>
  withNode(scene, async (node) => {
    const status = await node.terminate();
    await node.start();
    return `${node.name} deployed, ended with ${String(status)}`;
  });

async function withoutRedis({ cluster, random }: Scene, how: "kill" | "stop"): Promise<number> {
  const forMs = awayMs(random) * 2;
  await cluster.redis.takeAway(how);
  await pause(forMs);
  await cluster.redis.giveBack();
  return forMs;
}

const redis: Fault = async (scene) => `Redis killed, for ${await withoutRedis(scene, "kill")} ms`;
const hang: Fault = async (scene) => `Redis stopped for ${await withoutRedis(scene, "stop")} ms`;

const postgres: Fault = async ({ cluster, random }) => {
  await cluster.postgres.stop("immediate");
  await pause(awayMs(random) / 2);
  await cluster.postgres.start();
  return "PostgreSQL ended as by a power cut, and started again";
};

const terminate: Fault = async ({ cluster }) =>
  `${await cluster.postgres.terminateBackends(0.5)} connections of PostgreSQL's ended by it`;

const WEATHERS: readonly (readonly [string, Weather])[] = [
  ["late", { latencyMs: 80 }],
  ["narrow", { bytesPerSecond: 20_000 }],
  ["stalled", { isStalled: true }],
  ["sliced", { isSliced: true }],
  ["refused", { isRefusing: true }],
];

/** One way of one node's: to its clients, to PostgreSQL, or to Redis. */
function pickWay({ cluster, random }: Scene): readonly [string, FaultProxy] {
  const { name, front, toPostgres, toRedis } = random.pick(cluster.nodes);
  return random.pick([
    [`clients to ${name}`, front],
    [`${name} to PostgreSQL`, toPostgres],
    [`${name} to Redis`, toRedis],
  ]);
}

const network: Fault = async (scene) => {
  const { random } = scene;
  const [way, proxy] = pickWay(scene);
  const [words, weather] = random.pick(WEATHERS);
  const forMs = awayMs(random) * 2;
  proxy.setWeather(weather);
  await pause(forMs);
  proxy.setWeather({});
  return `${way} ${words} for ${forMs} ms`;
};

const cut: Fault = async (scene) => {
  const [way, proxy] = pickWay(scene);
  const isReset = scene.random.next() < 0.7;
  const count = isReset ? proxy.reset(0.5) : proxy.halfClose(0.5);
  return `${count} connections of ${way} ${isReset ? "reset" : "half closed"}`;
};

/** Everything that can be done, by the name by which it is asked for. */
export const faults = { kill, stop, deploy, redis, hang, postgres, terminate, network, cut };
export type FaultName = keyof typeof faults;
export const faultNames: readonly FaultName[] = [
  "kill",
  "stop",
  "deploy",
  "redis",
  "hang",
  "postgres",
  "terminate",
  "network",
  "cut",
];

const MAX_SEED = 1_000_000;

export interface Planned {
  readonly name: FaultName;
  readonly atMs: number;
  /** Of its own chance: what it takes and for how long does not depend on what else goes on. */
  readonly seed: number;
}

/** When each fault comes: spread over the time by chance, the same for the same seed. */
export function schedule(
  times: Readonly<Partial<Record<FaultName, number>>>,
  forMs: number,
  random: Random,
): readonly Planned[] {
  const planned = faultNames.flatMap((name) => {
    const count = times[name] ?? 0;
    return Array.from({ length: count }, (_, index) => ({
      name,
      atMs: ((index + random.next()) / count) * forMs,
      seed: random.between(1, MAX_SEED),
    }));
  });
  return planned.toSorted((left, right) => left.atMs - right.atMs);
}

/** What was done, and how often. */
export interface Done {
  readonly name: FaultName;
  readonly what: string;
}

/** How the one who attacks hears, and is heard of. */
export interface Attack {
  readonly signal: AbortSignal;
  /** Is told of each fault as it is mended. */
  tell(done: Done): void;
}

/** Faults of the same lane come one after the other: two at once would mend one another. The others may overlap. */
const lanes: Readonly<Partial<Record<FaultName, FaultName>>> = { terminate: "postgres", hang: "redis" };
const laneOf = (name: FaultName): FaultName => lanes[name] ?? name;

/** Carries out a schedule. Resolves when all is mended. */
export async function attack(plan: readonly Planned[], cluster: Cluster, { signal, tell }: Attack): Promise<void> {
  const startMs = performance.now();
  const under = new Map<FaultName, Promise<void>>();
  for (const { name, atMs, seed } of plan) {
    const earlyMs = startMs + atMs - performance.now();
    if (earlyMs > 0) await pause(earlyMs, undefined, { signal }).catch(() => {});
    const before = under.get(laneOf(name)) ?? Promise.resolve();
    const one = before.then(async () => {
      if (!signal.aborted) tell({ name, what: await faults[name]({ cluster, random: createRandom(seed) }) });
    });
    // It is thrown at the end, by those who wait for all of them.
    one.catch(() => {});
    under.set(laneOf(name), one);
  }
  await Promise.all(under.values());
}
