import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pino } from "pino";
import { TestClock } from "../../test/clock.js";
import { leasesContract } from "../../test/leases-contract.js";
import { ageLeases, forgetPrefix, REDIS_URL, uniquePrefix } from "../../test/redis.js";
import { startTcpProxy, type TcpProxy } from "../../test/tcp-proxy.js";
import { until } from "../../test/until.js";
import { connectRedis, type RedisConnection } from "../redis/connection.js";
import { systemClock } from "../time.js";
import type { Leases } from "./leases.js";
import { createRedisLeases, LEASE_BEAT_MS, LEASE_TTL_MS } from "./redis.js";

const logger = pino({ level: "silent" });
const prefixes: string[] = [];
let nodes: Node[] = [];
afterEach(async () => {
  for (const { leases, redis } of nodes) {
    await leases.close();
    await redis.close();
  }
  nodes = [];
});
afterAll(async () => {
  for (const prefix of prefixes) await forgetPrefix(prefix);
});

function newPrefix(): string {
  const prefix = uniquePrefix();
  prefixes.push(prefix);
  return prefix;
}

interface Node {
  readonly leases: Leases;
  readonly redis: RedisConnection;
  readonly clock: TestClock;
  /** The keys that changed without a call. */
  readonly changed: string[];
}

async function startNode(prefix: string, url = REDIS_URL): Promise<Node> {
  const clock = new TestClock();
  const redis = await connectRedis({ url, logger, clock: systemClock });
  const leases = createRedisLeases({ redis, clock, logger, prefix });
  const changed: string[] = [];
  leases.onChange((keys) => changed.push(...keys));
  const node = { leases, redis, clock, changed };
  nodes.push(node);
  return node;
}

leasesContract("Redis leases", async () => (await startNode(newPrefix())).leases);

describe("several nodes", () => {
  let prefix: string;
  let one: Node;
  let two: Node;
  beforeEach(async () => {
    prefix = newPrefix();
    [one, two] = [await startNode(prefix), await startNode(prefix)];
  });

  test("see one another's, and tell the first and the last over all", async () => {
    expect(await one.leases.acquire("a")).toBe(true);
    expect(await two.leases.acquire("a")).toBe(false);
    expect(await two.leases.held(["a", "b"])).toEqual([true, false]);
    expect(await one.leases.release("a")).toBe(false);
    expect(await one.leases.held(["a"])).toEqual([true]);
    expect(await two.leases.release("a")).toBe(true);
    expect(await one.leases.held(["a"])).toEqual([false]);
  });

  test("of many who come and go on all of them at once, one is first and one is last", async () => {
    for (let round = 0; round < 20; round += 1) {
      const all = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? one : two).leases);
      expect((await Promise.all(all.map((leases) => leases.acquire("a")))).filter(Boolean)).toHaveLength(1);
      expect((await Promise.all(all.map((leases) => leases.release("a")))).filter(Boolean)).toHaveLength(1);
    }
    expect(await one.leases.held(["a"])).toEqual([false]);
  });

  test("a key lives as long as its node says so, and falls free when that has died, which one node tells", async () => {
    const three = await startNode(prefix);
    await one.leases.acquire("only one");
    await one.leases.acquire("both");
    await two.leases.acquire("both");
    await ageLeases(prefix, LEASE_TTL_MS - LEASE_BEAT_MS);
    for (const { clock } of [one, two, three]) clock.advance(LEASE_BEAT_MS);
    await settle(one, two, three);
    await ageLeases(prefix, LEASE_TTL_MS - 1_000);
    expect(await two.leases.held(["only one", "both"])).toEqual([true, true]);
    await one.redis.close();
    for (const { clock } of [two, three]) clock.advance(LEASE_BEAT_MS);
    await settle(two, three);
    expect([...two.changed, ...three.changed]).toEqual([]);
    await ageLeases(prefix, LEASE_TTL_MS - 1_000);
    for (const { clock } of [two, three]) clock.advance(LEASE_BEAT_MS);
    await until(() => two.changed.length + three.changed.length > 0, "the death to be noticed");
    await settle(two, three);
    expect([...two.changed, ...three.changed]).toEqual(["only one"]);
    expect(await two.leases.held(["only one", "both"])).toEqual([false, true]);
  });

  test("one that was taken for dead and lives holds again what it held", async () => {
    await one.leases.acquire("a");
    await ageLeases(prefix, LEASE_TTL_MS);
    two.clock.advance(LEASE_BEAT_MS);
    await until(() => two.changed.length > 0, "the death to be noticed");
    expect(await two.leases.held(["a"])).toEqual([false]);
    one.clock.advance(LEASE_BEAT_MS);
    await until(() => one.changed.length > 0, "the return");
    expect([one.changed, two.changed]).toEqual([["a"], ["a"]]);
    expect(await two.leases.held(["a"])).toEqual([true]);
  });

  test("one that stops leaves its keys for a while to who goes on elsewhere", async () => {
    await one.leases.acquire("goes on");
    await one.leases.acquire("is gone");
    await one.leases.close();
    expect(await two.leases.held(["goes on", "is gone"])).toEqual([true, true]);
    expect(await two.leases.acquire("goes on")).toBe(false);
    await ageLeases(prefix, 5_000);
    two.clock.advance(LEASE_BEAT_MS);
    await until(() => two.changed.length > 0, "the death to be noticed");
    expect(two.changed).toEqual(["is gone"]);
    expect(await two.leases.held(["goes on", "is gone"])).toEqual([true, false]);
  });

  test("all of them hold on when Redis forgets everything", async () => {
    const keys = Array.from({ length: 1_200 }, (_, index) => `many:${index}`);
    await Promise.all(keys.map((key) => one.leases.acquire(key)));
    await forgetPrefix(prefix);
    expect(await two.leases.held(["many:0"])).toEqual([false]);
    one.clock.advance(LEASE_BEAT_MS);
    await until(() => one.changed.length === keys.length, "all to be said again");
    expect(new Set(await two.leases.held(keys))).toEqual(new Set([true]));
  });
});

describe("while Redis is away", () => {
  let prefix: string;
  let proxy: TcpProxy;
  let away: Node;
  let other: Node;
  beforeEach(async () => {
    prefix = newPrefix();
    proxy = await startTcpProxy(REDIS_URL);
    [away, other] = [await startNode(prefix, proxy.url), await startNode(prefix)];
  });
  afterEach(() => proxy.close());

  test("nothing is known; what was taken and left meanwhile is said at the return", async () => {
    await away.leases.acquire("left");
    await away.leases.acquire("kept");
    proxy.cut();
    await until(() => !away.redis.isConnected, "the outage");
    expect(await away.leases.held(["left", "kept", "none"])).toEqual([undefined, undefined, undefined]);
    expect(await away.leases.acquire("taken")).toBe(false);
    expect(await away.leases.release("left")).toBe(false);
    await away.leases.acquire("in passing");
    await away.leases.release("in passing");
    proxy.mend();
    await until(() => away.changed.includes("taken") && away.changed.includes("left"), "the changes to be said");
    expect(away.changed).not.toContain("kept");
    expect(await other.leases.held(["left", "kept", "taken", "in passing"])).toEqual([false, true, true, false]);
    expect(await away.leases.held(["left", "kept"])).toEqual([false, true]);
  });

  test("an answer that does not come is not waited for", async () => {
    await away.leases.acquire("a");
    proxy.stall();
    const asking = away.leases.held(["a"]);
    const acquiring = away.leases.acquire("b");
    away.clock.advance(1_000);
    expect([await asking, await acquiring]).toEqual([[undefined], false]);
    proxy.cut();
    proxy.mend();
    await until(() => away.changed.includes("b"), "it to be said again");
    expect(await other.leases.held(["a", "b"])).toEqual([true, true]);
  });
});

/** Until what the nodes have sent so far is answered: commands are answered in order. */
async function settle(...settling: readonly Node[]): Promise<void> {
  for (const { redis } of settling) await redis.commands.ping();
}
