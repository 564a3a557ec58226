import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pino } from "pino";
import type { Logger } from "../platform/logger.js";
import type { PubSub } from "../platform/pubsub/pubsub.js";
import { until } from "./until.js";

/**
 * What every broker promises, whichever it is.
 * @param create one node's end of it, which logs what goes wrong; two of them reach each other when the broker says that it reaches other nodes
 */
export function pubsubContract(name: string, create: (logger: Logger) => Promise<PubSub>): void {
  describe(`the contract of ${name}`, () => {
    let pubsub: PubSub;
    let topic: string;
    let topics = 0;
    let warnings: string[];
    const logger = pino({ level: "warn" }, { write: (line) => void warnings.push(line) });
    beforeEach(async () => {
      warnings = [];
      pubsub = await create(logger);
      topics += 1;
      topic = `contract:${process.pid}:${topics}`;
    });
    afterEach(() => pubsub.close());

    test("brings what is published after subscribing, whole and in order, to everybody who listens", async () => {
      const heard: string[][] = [[], []];
      for (const list of heard) await pubsub.subscribe(topic, (message) => list.push(message));
      const messages = ["one", "", "zwei ü 👍 \u2028", JSON.stringify({ nested: '"' }), "x".repeat(100_000)];
      for (const message of messages) await pubsub.publish(topic, message);
      await until(() => heard.every((list) => list.length === messages.length), "all messages");
      expect(heard).toEqual([messages, messages]);
    });

    test("brings nothing of other topics, and nothing from before", async () => {
      const heard: string[] = [];
      await pubsub.publish(topic, "before");
      await pubsub.subscribe(topic, (message) => heard.push(message));
      await pubsub.publish(`${topic}:other`, "other");
      await pubsub.publish(topic, "mine");
      await until(() => heard.length > 0, "a message");
      expect(heard).toEqual(["mine"]);
    });

    test("brings nothing more to one who has ended, and goes on for the others", async () => {
      const [left, stayed]: [string[], string[]] = [[], []];
      const end = await pubsub.subscribe(topic, (message) => left.push(message));
      await pubsub.subscribe(topic, (message) => stayed.push(message));
      await pubsub.publish(topic, "one");
      await until(() => left.length === 1 && stayed.length === 1, "the first message");
      await end();
      await pubsub.publish(topic, "two");
      await until(() => stayed.length === 2, "the second message");
      expect(left).toEqual(["one"]);
    });

    test("can be listened to again after everybody has ended", async () => {
      const end = await pubsub.subscribe(topic, () => {});
      await end();
      const heard: string[] = [];
      await pubsub.subscribe(topic, (message) => heard.push(message));
      await pubsub.publish(topic, "again");
      await until(() => heard.length === 1, "the message");
      expect(heard).toEqual(["again"]);
    });

    test("does not call a listener before `publish` was called, nor inside it", async () => {
      let inside = true;
      const heard: boolean[] = [];
      await pubsub.subscribe(topic, () => heard.push(inside));
      const published = pubsub.publish(topic, "later");
      inside = false;
      await published;
      await until(() => heard.length === 1, "the message");
      expect(heard).toEqual([false]);
    });

    test("says what goes wrong in a listener, and goes on for it and for the others", async () => {
      const heard: string[] = [];
      await pubsub.subscribe(topic, (message) => {
        throw new Error(`${message} at once`);
      });
      await pubsub.subscribe(topic, async (message) => {
        await Promise.resolve();
        throw new Error(`${message} later`);
      });
      await pubsub.subscribe(topic, (message) => heard.push(message));
      for (const message of ["one", "two"]) await pubsub.publish(topic, message);
      await until(() => heard.length === 2 && warnings.length === 4, "both messages, and what went wrong");
      expect(heard).toEqual(["one", "two"]);
      for (const said of ["one at once", "one later", "two at once", "two later", topic])
        expect(warnings.join("")).toContain(said);
    });

    test("publishing where nobody listens is no failure", async () => {
      await expect(pubsub.publish(topic, "to nobody")).resolves.toBeUndefined();
    });

    test("reaches another node if it says so", async () => {
      const other = await create(logger);
      const heard: string[] = [];
      await other.subscribe(topic, (message) => heard.push(message));
      await pubsub.subscribe(topic, (message) => heard.push(message));
      await pubsub.publish(topic, "hello");
      const expected = pubsub.reachesOtherNodes ? 2 : 1;
      await until(() => heard.length >= expected, "the message");
      expect(heard).toHaveLength(expected);
      await other.close();
    });
  });
}
