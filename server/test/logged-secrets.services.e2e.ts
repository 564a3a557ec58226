import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import pg from "pg";
import { startMainWorld, type MainWorld } from "./main-world.js";
import { startTestPostgres, type TestPostgres } from "./own-postgres.js";
import { startPlanting } from "./planted-secrets.js";
import { hangUp } from "./raw-socket.js";
import { REDIS_URL } from "./redis.js";
import { SECRET } from "./server.js";

// The built server, with everything in its log, is told secrets while all is well, while its tables are gone, and while
// its database is away.

jest.setTimeout(120_000);

const { planting, plantAll, kinds, foundIn } = startPlanting();

function withPassword(address: string, password: string): string {
  const url = new URL(address);
  url.password = password;
  return url.href;
}

let postgres: TestPostgres;
let world: MainWorld;
beforeAll(async () => {
  planting("JWT_SECRET")(SECRET);
  postgres = await startTestPostgres();
  world = await startMainWorld({
    DATABASE_URL: withPassword(postgres.url, planting("DATABASE_URL")()),
    REDIS_URL: withPassword(REDIS_URL, planting("REDIS_URL")()),
    STORAGE: "s3",
    S3_BUCKET: "parley",
    S3_ENDPOINT: "http://127.0.0.1:1",
    S3_ACCESS_KEY_ID: planting("S3_ACCESS_KEY_ID")(),
    S3_SECRET_ACCESS_KEY: planting("S3_SECRET_ACCESS_KEY")(),
    LOG_LEVEL: "trace",
  });
});
afterAll(async () => {
  hangUp();
  await world.server.hangUp();
  await world.main.end("SIGKILL");
  await postgres.end();
});

test("nothing of them stands in the log of a process", async () => {
  const { output } = world.main;
  await plantAll(world);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  for (const table of ["chat_message", "chat_room", "chat_participant", "chat_attachment"])
    await client.query(`alter table ${table} rename to lost_${table}`);
  await client.end();
  await plantAll(world);
  // Otherwise nothing would be found because nothing was written.
  expect(output.stdout.match(/"level":50/g)?.length).toBeGreaterThan(8);
  await postgres.stop("immediate");
  await plantAll(world);
  expect(kinds().size).toBeGreaterThan(20);
  expect(foundIn(output.stdout + output.stderr)).toEqual([]);
});
