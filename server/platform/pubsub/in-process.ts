import { PubSub as Emitter } from "graphql-subscriptions";
import type { Logger } from "../logger.js";
import { contained } from "./contained.js";
import type { PubSub } from "./pubsub.js";

/** For a single node: messages go round inside this process, each on a turn of its own, as from a broker. */
export function createInProcessPubSub(logger: Logger): PubSub {
  const emitter = new Emitter();
  return {
    reachesOtherNodes: false,
    isConnected: true,
    onReturn: () => () => {},
    publish: (topic, message) => emitter.publish(topic, message),
    async subscribe(topic, onMessage) {
      const hear = contained(topic, onMessage, logger);
      const id = await emitter.subscribe(topic, (message: string) => setImmediate(hear, message));
      return async () => emitter.unsubscribe(id);
    },
    async close() {},
  };
}
