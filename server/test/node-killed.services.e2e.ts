import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import pg from "pg";
import { redisPrefix } from "../broker.js";
import { LEASE_TTL_MS } from "../platform/leases/redis.js";
import { startMain, type MainProcess } from "./main-process.js";
import { jane, john, startMainWorld, type MainWorld } from "./main-world.js";
import { speakWith } from "./graphql-world.js";
import { createPostgresDatabase, type PostgresDatabase } from "./postgres.js";
import { ageLeases, forgetPrefix, REDIS_URL } from "./redis.js";
import { reach, SECRET } from "./server.js";
import { until } from "./until.js";

// Two nodes as processes of their own, one of which is killed.

jest.setTimeout(120_000);

let database: PostgresDatabase;
let first: MainWorld;
let second: MainProcess;
let prefix: string;
beforeAll(async () => {
  database = await createPostgresDatabase();
  const settings = { DATABASE_URL: database.url, REDIS_URL };
  first = await startMainWorld(settings);
  second = startMain({ ...settings, JWT_SECRET: SECRET });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ epoch: string }>("select epoch from feed_origin");
  await client.end();
  prefix = redisPrefix(rows[0]?.epoch ?? "");
});
afterEach(() => first.server.hangUp());
afterAll(async () => {
  await first.main.end("SIGKILL");
  await second.end("SIGKILL");
  await forgetPrefix(prefix);
  await database.drop();
});

test("who was on a node that is killed is gone for the others when its leases have run out", async () => {
  const onSecond = speakWith(reach(await second.ready(), () => new Date()));
  const heard = await first.follow(
    await first.connect(john),
    "subscription { chatEvents { __typename ... on ChatPresenceChanged { user { id chatPresence } } } }",
  );
  const ofJane = () =>
    heard.events.flatMap(({ user }) => (Object(user).id === jane.hostId ? Object(user).chatPresence : []));
  await onSecond.follow(await onSecond.connect(jane), "subscription { chatEvents { seq } }");
  await until(() => ofJane().length === 1, "the arrival");
  expect(await second.end("SIGKILL")).toBe("SIGKILL");
  // As if so much time had passed; the node that is left looks for the dead every ten seconds, and first says again that it lives.
  await ageLeases(`${prefix}lease:`, LEASE_TTL_MS);
  await until(() => ofJane().length === 2, "the departure");
  expect(ofJane()).toEqual(["ONLINE", "OFFLINE"]);
  expect([first.main.ended, first.main.output.stderr]).toEqual([{}, ""]);
});
