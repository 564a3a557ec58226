import { createInProcessLeases } from "./platform/leases/in-process.js";
import type { Leases } from "./platform/leases/leases.js";
import { createRedisLeases } from "./platform/leases/redis.js";
import type { Logger } from "./platform/logger.js";
import { createInProcessPubSub } from "./platform/pubsub/in-process.js";
import type { PubSub } from "./platform/pubsub/pubsub.js";
import { createRedisPubSub } from "./platform/pubsub/redis.js";
import { createInProcessRates } from "./platform/rates/in-process.js";
import type { Rates } from "./platform/rates/rates.js";
import { createRedisRates } from "./platform/rates/redis.js";
import { connectRedis } from "./platform/redis/connection.js";
import { systemClock, type Clock } from "./platform/time.js";

export interface BrokerSettings {
  /** Of Redis; without one the node is alone. */
  readonly url: string | undefined;
  /** The database's: in a Redis that several installations share, only nodes on one database hear each other. */
  readonly epoch: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A broker that is there already, inside this process. */
  readonly pubsub?: PubSub | undefined;
}

/** What connects a node with others. */
export interface Broker {
  readonly pubsub: PubSub;
  readonly leases: Leases;
  readonly rates: Rates;
  close(): Promise<void>;
}

/** Opens what connects this node with others; a Redis that does not answer is no failure, and is used when it does. */
export async function openBroker({ url, epoch, clock, logger, pubsub }: BrokerSettings): Promise<Broker> {
  if (url === undefined || pubsub !== undefined) {
    const local = pubsub ?? createInProcessPubSub(logger);
    const rates = createInProcessRates(clock);
    return { pubsub: local, leases: createInProcessLeases(), rates, close: () => local.close() };
  }
  // A connection's other end keeps real time, whatever a test does with this node's.
  const redis = await connectRedis({ url, logger, clock: systemClock });
  const prefix = redisPrefix(epoch);
  const shared = createRedisPubSub({ redis, clock, logger, prefix });
  const leases = createRedisLeases({ redis, clock, logger, prefix: `${prefix}lease:` });
  return {
    pubsub: shared,
    leases,
    rates: createRedisRates({ redis, clock, logger, prefix: `${prefix}rate:` }),
    async close() {
      await leases.close();
      await shared.close();
      await redis.close();
    },
  };
}

/** What stands before everything that this installation has in Redis. */
export function redisPrefix(epoch: string): string {
  return `parley:${epoch}:`;
}
