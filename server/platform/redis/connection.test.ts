import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { pino } from "pino";
import { TestClock } from "../../test/clock.js";
import { until } from "../../test/until.js";
import { connectRedis, type RedisConnection } from "./connection.js";

// What stands in REDIS_URL is wrong, or something else listens there: none of this needs a Redis.

let warnings: string[];
let clock: TestClock;
let redis: RedisConnection | undefined;
let server: Server | undefined;
const sockets = new Set<Socket>();
const logger = pino({ level: "warn" }, { write: (line) => void warnings.push(line) });

beforeEach(() => {
  warnings = [];
  clock = new TestClock();
  redis = undefined;
  server = undefined;
});
afterEach(async () => {
  await redis?.close();
  for (const socket of sockets) socket.destroy();
  if (server !== undefined) await once(server.close(), "close");
});

async function listen(listening: Server): Promise<number> {
  server = listening.listen(0, "127.0.0.1");
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const connect = (hostAndPort: string): Promise<RedisConnection> =>
  connectRedis({ url: `redis://somebody:hunter2@${hostAndPort}`, logger, clock });

function expectOneWarning(reason: RegExp): void {
  expect(redis?.isConnected).toBe(false);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(reason);
  expect(warnings[0]).not.toContain("hunter2");
}

test("an address where nobody listens is said in one line, and the server starts", async () => {
  redis = await connect("127.0.0.1:1");
  expectOneWarning(/ECONNREFUSED/);
});

test("a host name that is not known is said in one line, and the server starts", async () => {
  redis = await connect("no-such-host.invalid:6379");
  expectOneWarning(/ENOTFOUND|EAI_AGAIN|ETIMEDOUT/);
});

test("a web server on that port is said to be no Redis", async () => {
  redis = await connect(`127.0.0.1:${await listen(createHttpServer((_request, response) => response.end()))}`);
  expectOneWarning(/what answers there does not speak as Redis does/);
});

test("another program that closes every connection is said in one line, however often it is tried", async () => {
  let connections = 0;
  const closing = createServer((socket) => {
    connections += 1;
    socket.end();
  });
  redis = await connect(`127.0.0.1:${await listen(closing)}`);
  await until(() => connections > 4, "some more attempts");
  expectOneWarning(/Redis is away/);
});

test("something that takes the connection and says nothing keeps no server from starting, and is given up", async () => {
  let connections = 0;
  const silent = createServer((socket) => {
    connections += 1;
    socket.resume();
  });
  const starting = connect(`127.0.0.1:${await listen(silent)}`);
  await until(() => connections === 2, "both connections");
  clock.advance(3_000);
  redis = await starting;
  expectOneWarning(/no answer/);
  // Not for a minute: then it is said again.
  let pings = 10;
  await until(() => {
    if (pings-- > 0) clock.advance(5_000);
    return connections >= 4;
  }, "two other connections");
  expect(warnings).toHaveLength(1);
});
