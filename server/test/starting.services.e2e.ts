import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { steadyPort } from "../bench/ports.js";
import { startRedis, type BenchRedis } from "../bench/redis.js";
import { startMain, type MainProcess } from "./main-process.js";
import { startTestPostgres, type TestPostgres } from "./own-postgres.js";
import { SECRET } from "./server.js";
import { until } from "./until.js";

// What a server stands on may come after it.

jest.setTimeout(120_000);

let postgres: TestPostgres;
const running: MainProcess[] = [];
beforeAll(async () => {
  postgres = await startTestPostgres();
  await postgres.stop("fast");
});
afterEach(async () => {
  for (const main of running.splice(0)) await main.end("SIGKILL");
});
afterAll(() => postgres.end());

function start(databaseUrl: string, settings: Readonly<Record<string, string>> = {}): MainProcess {
  const main = startMain({ JWT_SECRET: SECRET, DATABASE_URL: databaseUrl, ...settings });
  running.push(main);
  return main;
}

function withPassword(url: string): string {
  const own = new URL(url);
  own.password = "hunter2";
  return own.href;
}

test.each(["SIGINT", "SIGTERM"] as const)("%s ends the waiting for a database at once", async (signal) => {
  const main = start(postgres.url);
  await main.says("stderr", /\n/);
  expect(await main.end(signal)).toBe(0);
  expect(main.output.stdout).toBe("");
});

test("a server that is started before its database says so in one line, and is ready when that comes", async () => {
  const main = start(withPassword(postgres.url));
  await main.says("stderr", /\n/);
  const { host } = new URL(postgres.url);
  expect(main.output.stderr).toBe(
    `Waiting for the database of DATABASE_URL. postgres://${host}/postgres: it can't be used yet (ECONNREFUSED). ` +
      "Start it, or correct the address; Parley goes on as soon as it answers.\n",
  );
  await postgres.start();
  const url = await main.ready();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(main.output.stdout).not.toContain("hunter2");
});

test("one that is started before its Redis works alone, says so, and is connected when that comes", async () => {
  const port = await steadyPort();
  const main = start(postgres.url, { REDIS_URL: `redis://127.0.0.1:${port}` });
  const url = await main.ready();
  const broker = async (): Promise<unknown> => Object(await (await fetch(`${url}/readyz`)).json()).broker;
  expect(await broker()).toMatch(/^redis is away/);
  expect(main.output.stdout.match(/The Redis of REDIS_URL can't be used/g)).toHaveLength(1);
  const redis: BenchRedis | undefined = await startRedis(port);
  try {
    await until(async () => (await broker()) === "redis", "the node to be connected");
  } finally {
    await redis?.end();
  }
});

test.each([
  ["a database that does not exist", (url: URL) => (url.pathname = "/none"), "3D000"],
  ["a user who does not exist", (url: URL) => (url.username = "nobody"), "28000"],
])("%s is no reason to wait: it is said in one line", async (_what, change, code) => {
  const url = new URL(postgres.url);
  change(url);
  const main = start(url.href);
  expect(await main.exit()).toBe(1);
  expect(main.output.stderr).toBe(
    `The database of DATABASE_URL can't be used (${code}). Start it, or correct the address: database, user and password.\n`,
  );
});
