import { PubSub as Emitter } from "graphql-subscriptions";
import type { PubSub } from "./pubsub.js";

/** For a single node: messages go round inside this process, each on a turn of its own, as from a broker. */
export function createInProcessPubSub(): PubSub {
  const emitter = new Emitter();
  return {
    reachesOtherNodes: false,
    isConnected: true,
    onReturn: () => () => {},
    publish: (topic, message) => emitter.publish(topic, message),
    async subscribe(topic, onMessage) {
      const id = await emitter.subscribe(topic, (message: string) => setImmediate(onMessage, message));
      return async () => emitter.unsubscribe(id);
    },
    async close() {},
  };
}
