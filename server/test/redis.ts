import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";

/** The Redis of the tests that need one. It is shared: everything has a prefix of its own. */
export const REDIS_URL = process.env.TEST_REDIS_URL ?? "redis://127.0.0.1:6379";

/** A key prefix that nobody else uses. */
export function uniquePrefix(): string {
  return `parley-test:${randomUUID()}:`;
}

/** Makes the leases below this prefix older, as if nobody had renewed them for so long. */
export async function ageLeases(prefix: string, byMs: number): Promise<void> {
  await withRedis(async (redis) => {
    for (const node of await redis.zrange(`${prefix}nodes`, 0, -1)) await redis.zincrby(`${prefix}nodes`, -byMs, node);
  });
}

/** How many nodes hold a key, of the leases below this prefix. */
export async function countHolders(prefix: string, key: string): Promise<number> {
  return withRedis(async (redis) => {
    const sets = await redis.keys(`${prefix}node:*`);
    const held = await Promise.all(sets.map((set) => redis.sismember(set, key)));
    return held.filter((isHeld) => isHeld === 1).length;
  });
}

/** Makes the counts below this prefix older. */
export async function ageRates(prefix: string, byMs: number): Promise<void> {
  await withRedis(async (redis) => {
    for (const key of await redis.keys(`${prefix}*`)) await redis.decrby(key, byMs * 1_000);
  });
}

/** How long each of the keys below this prefix will stay, in ms; -1 is for ever. */
export async function timesToLive(prefix: string): Promise<readonly number[]> {
  return withRedis(async (redis) => Promise.all((await redis.keys(`${prefix}*`)).map((key) => redis.pttl(key))));
}

/** Removes everything below this prefix. */
export async function forgetPrefix(prefix: string): Promise<void> {
  await withRedis(async (redis) => {
    const keys = await redis.keys(`${prefix}*`);
    if (keys.length > 0) await redis.del(...keys);
  });
}

async function withRedis<Result>(work: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = new Redis(REDIS_URL);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
