import { RedisPubSub } from "graphql-redis-subscriptions";
import type { Logger } from "../logger.js";
import type { RedisConnection } from "../redis/connection.js";
import type { Clock } from "../time.js";
import { TimedOut, within } from "../within.js";
import { contained } from "./contained.js";
import type { PubSub } from "./pubsub.js";

/** A message that has not left by then is given up: whoever waits for it has better things to do. */
const PUBLISH_WITHIN_MS = 300;
/** A Redis that does not answer is about to be found away. */
const SUBSCRIBE_WITHIN_MS = 1_000;

export interface RedisPubSubParts {
  /** Stays open: it belongs to whoever made it. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Stands before every channel. Only nodes with the same one hear each other. */
  readonly prefix: string;
}

/** For several nodes: messages travel by Redis, at most once. */
export function createRedisPubSub({ redis, clock, logger, prefix }: RedisPubSubParts): PubSub {
  const engine = new RedisPubSub({
    publisher: redis.commands,
    subscriber: redis.listener,
    // A message is text already, and stays as it is.
    serializer: String,
    deserializer: String,
  });
  return {
    reachesOtherNodes: true,
    get isConnected() {
      return redis.isConnected;
    },
    onReturn: (callback) => redis.onReturn(callback),
    async publish(topic, message) {
      try {
        await within(clock, PUBLISH_WITHIN_MS, engine.publish(prefix + topic, message));
      } catch (error) {
        if (error instanceof TimedOut) redis.doubt();
        throw error;
      }
    },
    async subscribe(topic, onMessage) {
      const channel = prefix + topic;
      const id = await engine.subscribe<string>(channel, contained(topic, onMessage, logger));
      await within(clock, SUBSCRIBE_WITHIN_MS, redis.listener.settled(channel)).catch(() => {});
      let ended = false;
      return async () => {
        // The library throws when a subscription is ended twice.
        if (!ended) engine.unsubscribe(id);
        ended = true;
      };
    },
    async close() {},
  };
}
