import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pino } from "pino";
import { z } from "zod";
import { TestClock } from "../../test/clock.js";
import { ratesContract } from "../../test/rates-contract.js";
import { ageRates, forgetPrefix, REDIS_URL, timesToLive, uniquePrefix } from "../../test/redis.js";
import { startTcpProxy, type TcpProxy } from "../../test/tcp-proxy.js";
import { until } from "../../test/until.js";
import { connectRedis, type RedisConnection } from "../redis/connection.js";
import { systemClock } from "../time.js";
import type { Rates } from "./rates.js";
import { createRedisRates } from "./redis.js";

const warnings: unknown[] = [];
const logger = pino(
  { level: "warn" },
  {
    write: (line: string) =>
      void warnings.push(z.object({ msg: z.string(), reason: z.string() }).parse(JSON.parse(line))),
  },
);
const prefixes: string[] = [];
let nodes: Node[] = [];
afterEach(async () => {
  for (const { redis } of nodes) await redis.close();
  nodes = [];
});
afterAll(async () => {
  for (const prefix of prefixes) await forgetPrefix(prefix);
});

interface Node {
  readonly rates: Rates;
  readonly redis: RedisConnection;
  readonly clock: TestClock;
}

function newPrefix(): string {
  const prefix = uniquePrefix();
  prefixes.push(prefix);
  return prefix;
}

async function startNode(prefix: string, url = REDIS_URL): Promise<Node> {
  const clock = new TestClock();
  const redis = await connectRedis({ url, logger, clock: systemClock });
  const node = { rates: createRedisRates({ redis, clock, logger, prefix }), redis, clock };
  nodes.push(node);
  return node;
}

ratesContract("Redis rates", async () => {
  const prefix = newPrefix();
  return { rates: (await startNode(prefix)).rates, pass: (ms) => ageRates(prefix, ms) };
});

const HOUR_MS = 3_600_000;
const two = { limit: 2, windowMs: 2 * HOUR_MS };
const isFree = async ({ rates }: Node, key = "a"): Promise<boolean> =>
  (await rates.take([{ key, rate: two }])).every((wait) => wait === 0);

describe("several nodes", () => {
  test("count together, in one step each: of many at once the limit is let through over all", async () => {
    const prefix = newPrefix();
    const both = [await startNode(prefix), await startNode(prefix)];
    const asked = await Promise.all(Array.from({ length: 10 }, () => both.map((node) => isFree(node))).flat());
    expect(asked.filter(Boolean)).toHaveLength(2);
  });

  test("leave nothing in Redis: a count goes when it is as it would be without it", async () => {
    const prefix = newPrefix();
    const node = await startNode(prefix);
    await isFree(node);
    const [one = 0] = await timesToLive(prefix);
    expect([one > HOUR_MS / 2, one <= HOUR_MS]).toEqual([true, true]);
    await isFree(node);
    const [second = 0] = await timesToLive(prefix);
    expect([second > HOUR_MS, second <= 2 * HOUR_MS]).toEqual([true, true]);
    await isFree(node, "b");
    expect(await timesToLive(prefix)).toHaveLength(2);
  });
});

describe("while Redis is away", () => {
  let proxy: TcpProxy;
  let away: Node;
  beforeEach(async () => {
    proxy = await startTcpProxy(REDIS_URL);
    away = await startNode(newPrefix(), proxy.url);
  });
  afterEach(() => proxy.close());

  test("a node counts by itself, and with the others again when it is back", async () => {
    expect([await isFree(away), await isFree(away), await isFree(away)]).toEqual([true, true, false]);
    proxy.cut();
    await until(() => !away.redis.isConnected, "the outage");
    expect([await isFree(away), await isFree(away), await isFree(away)]).toEqual([true, true, false]);
    proxy.mend();
    await until(() => away.redis.isConnected, "the return");
    expect([await isFree(away), await isFree(away, "b")]).toEqual([false, true]);
  });

  test("an answer that breaks off is not waited for, nor one that does not come for more than 300 ms, once", async () => {
    proxy.stall();
    const hanging = isFree(away);
    await until(() => proxy.swallowedBytes > 0, "the question to be sent");
    away.clock.advance(300);
    // It counts as away now: nothing is asked, and no time has to pass.
    expect([await hanging, away.redis.isConnected]).toEqual([true, false]);
    expect([await isFree(away), await isFree(away)]).toEqual([true, false]);
    proxy.cut();
    proxy.mend();
    await until(() => away.redis.isConnected, "the return");
    proxy.stall();
    const broken = isFree(away, "c");
    proxy.cut();
    expect(await broken).toBe(true);
  });

  test("what Redis answers with an error is counted here, and warned of once until it counts again", async () => {
    warnings.length = 0;
    const key = `${prefixes.at(-1)}a`;
    await away.redis.commands.lpush(key, "this is no count");
    expect([await isFree(away), await isFree(away), await isFree(away)]).toEqual([true, true, false]);
    const warning = {
      msg: "Redis does not count for the limits; each node counts by itself",
      reason: expect.stringContaining("WRONGTYPE"),
    };
    expect(warnings).toEqual([warning]);
    await away.redis.commands.del(key);
    expect(await isFree(away)).toBe(true);
    await away.redis.commands.del(key);
    await away.redis.commands.lpush(key, "this is no count");
    await isFree(away);
    expect(warnings).toEqual([warning, warning]);
  });
});
