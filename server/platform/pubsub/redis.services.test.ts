import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pino } from "pino";
import { z } from "zod";
import { TestClock } from "../../test/clock.js";
import { pubsubContract } from "../../test/pubsub-contract.js";
import { startTcpProxy, type TcpProxy } from "../../test/tcp-proxy.js";
import { REDIS_URL, uniquePrefix } from "../../test/redis.js";
import { until } from "../../test/until.js";
import { connectRedis, type RedisConnection } from "../redis/connection.js";
import { systemClock } from "../time.js";
import type { PubSub } from "./pubsub.js";
import { createRedisPubSub } from "./redis.js";

const prefix = uniquePrefix();
const clock = new TestClock();
const connections: RedisConnection[] = [];
let warnings: string[] = [];
const logger = pino({ level: "warn" }, { write: (line) => void warnings.push(line) });

async function connect(url: string, nodeLogger = logger): Promise<{ redis: RedisConnection; pubsub: PubSub }> {
  // Whoever is not behind the proxy shall not notice what a test does with the time.
  const redis = await connectRedis({ url, logger, clock: url === REDIS_URL ? systemClock : clock });
  connections.push(redis);
  return { redis, pubsub: createRedisPubSub({ redis, clock, logger: nodeLogger, prefix }) };
}

afterAll(async () => {
  for (const redis of connections) await redis.close();
});

pubsubContract("Redis pub/sub", async (nodeLogger) => (await connect(REDIS_URL, nodeLogger)).pubsub);

describe("a Redis that is away", () => {
  let proxy: TcpProxy;
  let away: PubSub;
  let redis: RedisConnection;
  let other: PubSub;
  let topic: string;
  let topics = 0;
  beforeEach(async () => {
    warnings = [];
    topics += 1;
    topic = `away:${topics}`;
    proxy = await startTcpProxy(REDIS_URL);
    ({ redis, pubsub: away } = await connect(proxy.url));
    other = (await connect(REDIS_URL)).pubsub;
  });
  afterEach(async () => {
    await redis.close();
    await proxy.close();
  });

  async function cut(): Promise<void> {
    proxy.cut();
    await until(() => !away.isConnected, "the outage to be noticed");
  }

  async function mend(): Promise<void> {
    proxy.mend();
    await until(() => away.isConnected, "Redis to be back");
  }

  test("fails what is published at once, and is said once", async () => {
    await cut();
    await expect(away.publish(topic, "lost")).rejects.toThrow("writeable");
    await until(() => proxy.refused >= 3, "some attempts to connect again");
    expect(warnings).toHaveLength(1);
    await mend();
    await expect(away.publish(topic, "sent")).resolves.toBeUndefined();
    await cut();
    expect(warnings).toHaveLength(2);
  });

  test("is heard again when it is back, on old topics and on those subscribed to meanwhile", async () => {
    const heard: string[] = [];
    const ends = [await away.subscribe(topic, (message) => heard.push(`old ${message}`))];
    await cut();
    ends.push(await away.subscribe(topic, (message) => heard.push(`second ${message}`)));
    ends.push(await away.subscribe(`${topic}:new`, (message) => heard.push(`new ${message}`)));
    const gone = await away.subscribe(`${topic}:gone`, (message) => heard.push(`gone ${message}`));
    await gone();
    await mend();
    await other.publish(`${topic}:gone`, "a");
    await other.publish(topic, "b");
    await other.publish(`${topic}:new`, "c");
    await until(() => heard.length === 3, "all messages");
    expect(heard).toEqual(["old b", "second b", "new c"]);
    for (const end of ends) await end();
    await other.publish(topic, "d");
    await away.subscribe(`${topic}:last`, (message) => heard.push(message));
    await other.publish(`${topic}:last`, "last");
    await until(() => heard.length === 4, "the last one");
    expect(heard[3]).toBe("last");
  });

  test("calls back at its return when everything is heard, and not after that was ended", async () => {
    const calls: boolean[] = [];
    await away.subscribe(topic, () => {});
    const end = away.onReturn(() => calls.push(away.isConnected));
    await cut();
    expect(calls).toEqual([]);
    await mend();
    expect(calls).toEqual([true]);
    end();
    await cut();
    await mend();
    expect(calls).toEqual([true]);
  });

  test("that takes bytes and answers nothing fails a publish after 300 ms, and is given up", async () => {
    proxy.stall();
    const publishing = away.publish(topic, "into the void").catch((error: unknown) => error);
    clock.advance(300);
    expect(await publishing).toMatchObject({ name: "TimedOut" });
    expect([away.isConnected, warnings.length]).toEqual([false, 1]);
    clock.advance(5_000);
    clock.advance(5_000);
    await mend();
    expect(warnings).toHaveLength(1);
  });

  test("that was only late is used again as soon as it answers", async () => {
    const publishing = away.publish(topic, "late").catch((error: unknown) => error);
    clock.advance(300);
    expect(await publishing).toMatchObject({ name: "TimedOut" });
    expect(away.isConnected).toBe(false);
    await until(() => away.isConnected, "its answer");
  });

  test("that falls silent while nobody speaks is found away by a ping", async () => {
    proxy.stall();
    clock.advance(5_000);
    clock.advance(5_000);
    await until(() => !away.isConnected, "the outage to be noticed");
    await mend();
  });

  test("does not keep a subscriber waiting that comes while it is silent", async () => {
    proxy.stall();
    const subscribing = away.subscribe(topic, () => {});
    await until(() => proxy.swallowedBytes > 0, "the request to be sent");
    clock.advance(1_000);
    await (
      await subscribing
    )();
  });

  test("at the start is said, and used as soon as it is there", async () => {
    await redis.close();
    proxy.cut();
    warnings = [];
    ({ redis, pubsub: away } = await connect(proxy.url));
    expect([away.isConnected, warnings.length]).toEqual([false, 1]);
    const heard: string[] = [];
    await away.subscribe(topic, (message) => heard.push(message));
    await mend();
    await other.publish(topic, "hello");
    await until(() => heard.length === 1, "the message");
  });

  test("because another program has its port is used as soon as it has it back", async () => {
    const other = createServer((_request, response) => response.end()).listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = z.object({ port: z.number() }).parse(other.address());
    const { redis: mistaken } = await connect(`redis://127.0.0.1:${port}`);
    expect([mistaken.isConnected, warnings.length]).toEqual([false, 1]);
    await once(other.close(), "close");
    const rightful = await startTcpProxy(REDIS_URL, port);
    await until(() => mistaken.isConnected, "Redis to be found");
    await mistaken.close();
    await rightful.close();
  });

  test("because the password is wrong is said without it, and does no harm to who subscribes", async () => {
    const url = new URL(REDIS_URL);
    url.username = "nobody";
    url.password = "hunter2";
    const wrong = await connect(url.href);
    await (
      await wrong.pubsub.subscribe(topic, () => {})
    )();
    await wrong.pubsub.subscribe(topic, () => {});
    await expect(wrong.pubsub.publish(topic, "in vain")).rejects.toThrow("writeable");
    await wrong.redis.close();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/WRONGPASS|NOAUTH/);
    expect(warnings[0]).not.toContain("hunter2");
  });
});
