import type { Logger } from "../logger.js";
import type { RedisConnection } from "../redis/connection.js";
import type { Clock } from "../time.js";
import { TimedOut, within } from "../within.js";
import { createInProcessRates } from "./in-process.js";
import { paceOf, toWaitMs, type Charge, type Rates } from "./rates.js";

/** Nobody waits longer for a Redis that hangs, and that only until it counts as away. */
const ANSWER_WITHIN_MS = 300;

export interface RedisRatesParts {
  /** Stays open: it belongs to whoever made it. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Stands before every key in Redis. Only nodes with the same one count together. */
  readonly prefix: string;
}

/**
 * KEYS: the counts. ARGV: for each what one use costs, and how far ahead of time uses may come, in microseconds. Answers
 * with the microseconds to wait for each, all 0 when they were taken. What is as it would be without it expires.
 */
const TAKE = `
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  local next, waits, isFree = {}, {}, true
  for index, key in ipairs(KEYS) do
    local cost, burst = tonumber(ARGV[2 * index - 1]), tonumber(ARGV[2 * index])
    next[index] = math.max(tonumber(redis.call('GET', key) or '0'), now) + cost
    waits[index] = math.max(0, next[index] - burst - now)
    if waits[index] > 0 then isFree = false end
  end
  if isFree then
    for index, key in ipairs(KEYS) do
      redis.call('SET', key, string.format('%.0f', next[index]), 'PX', math.ceil((next[index] - now) / 1000))
    end
  end
  return waits
`;

/** For several nodes: counts stand in Redis. While it is away each node counts by itself. */
export function createRedisRates({ redis, clock, logger, prefix }: RedisRatesParts): Rates {
  const own = createInProcessRates(clock);
  let isRefused = false;

  /** That Redis is away is said by its connection, once for all; nobody else says that it can't count. */
  function warnOnce(error: unknown): void {
    if (isRefused || !redis.isConnected) return;
    isRefused = true;
    logger.warn({ reason: reasonOf(error) }, "Redis does not count for the limits; each node counts by itself");
  }

  async function ask(charges: readonly Charge[]): Promise<readonly number[]> {
    const keys = charges.map(({ key }) => prefix + key);
    const paces = charges.map(({ rate }) => paceOf(rate));
    const values = paces.flatMap(({ costUs, burstUs }) => [costUs, burstUs]);
    const answer = redis.commands.eval(TAKE, keys.length, ...keys, ...values);
    return parseWaits(await within(clock, ANSWER_WITHIN_MS, answer), charges.length);
  }

  return {
    async take(charges) {
      if (charges.length === 0 || !redis.isConnected) return own.take(charges);
      try {
        const waits = await ask(charges);
        isRefused = false;
        return waits;
      } catch (error) {
        if (error instanceof TimedOut) redis.doubt();
        else warnOnce(error);
        return own.take(charges);
      }
    },
  };
}

/** Its words alone: ioredis hangs the command on an error of its own. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function parseWaits(answer: unknown, count: number): readonly number[] {
  if (!Array.isArray(answer) || answer.length !== count) throw new Error("Redis gave no answer for each count.");
  return answer.map((waitUs) => toWaitMs(Number(waitUs)));
}
