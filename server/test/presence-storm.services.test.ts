import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { steadyPort } from "../bench/ports.js";
import { startRedis, type BenchRedis } from "../bench/redis.js";
import type { User } from "../features/directory/directory.js";
import { attendanceKey } from "../features/presence/attendance.js";
import { countStatements } from "./count-statements.js";
import { ALL_EVENTS } from "./event-documents.js";
import { speakWith, type GraphqlServer } from "./graphql-world.js";
import { startTestServer, type TestServer } from "./server.js";
import { until } from "./until.js";
import { createWorld, openPostgresTestDatabase, openPostgresTestDatabaseAgain, type World } from "./world.js";

// Everybody comes back to one node, as after another one has died. It has a Redis of its own, whose commands are counted.

const PEOPLE = 100;
const SOCKETS_EACH = 2;
/** How many come at a time. */
const ABREAST = 20;

let world: World;
let redis: BenchRedis;
let admin: Redis;
let server: TestServer;
let node: GraphqlServer;
let people: readonly User[];
let statements = 0;

beforeAll(async () => {
  const started = await startRedis(await steadyPort());
  if (started === undefined) throw new Error("There is no redis-server on the PATH.");
  redis = started;
  admin = new Redis(redis.url);
  world = await createWorld({ database: await openPostgresTestDatabase() });
  const project = await world.project("apollo");
  people = await Promise.all(Array.from({ length: PEOPLE }, (_, index) => world.person(`person${index}`, project)));
  const [owner, ...others] = people;
  if (owner === undefined) throw new Error("Nobody is there.");
  await world.group(project, owner, ...others);
  const database = await openPostgresTestDatabaseAgain(world.database);
  const counting = countStatements(database.fork(), () => (statements += 1));
  const counted = { ...database, fork: () => counting.fork() };
  const parts = { database: counted, clock: world.clock, webRoot: import.meta.dirname };
  server = await startTestServer(parts, { REDIS_URL: redis.url });
  node = speakWith(server);
});
afterAll(async () => {
  admin.disconnect();
  await server.close();
  await redis.end();
  await world.close();
});

/** How often a command was called so far. */
async function calls(command: string): Promise<number> {
  const found = new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await admin.info("commandstats"));
  return Number(found?.[1] ?? 0);
}

/** How many of them Redis knows to be there. */
async function countHere(): Promise<number> {
  const sets = await admin.keys("*node:*");
  const keys = await Promise.all(sets.map((set) => admin.smembers(set)));
  const held = new Set(keys.flat());
  return people.filter(({ id }) => held.has(attendanceKey(id))).length;
}

test("what it costs Redis and the database grows with those who come, not with those who hear of it", async () => {
  const sockets = people.flatMap((user) => Array.from({ length: SOCKETS_EACH }, () => user));
  const [asked, published] = [await calls("eval"), await calls("publish")];
  statements = 0;
  for (let start = 0; start < sockets.length; start += ABREAST) {
    const coming = sockets.slice(start, start + ABREAST);
    await Promise.all(coming.map(async (user) => node.follow(await node.connect(user), ALL_EVENTS, { after: [] })));
  }
  await until(async () => (await countHere()) === PEOPLE, "everybody to be here");
  await node.ask(people[0] ?? null, "{ chatViewer { id } }");
  const perSocket = async (count: number | Promise<number>) => (await count) / sockets.length;
  expect(await perSocket((await calls("eval")) - asked)).toBeLessThan(6);
  expect(await perSocket((await calls("publish")) - published)).toBeLessThan(2);
  expect(await perSocket(statements)).toBeLessThan(8);
});
