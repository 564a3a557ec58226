import { Writable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createLogger } from "../platform/logger.js";
import type { Database } from "../platform/orm.js";
import { speakWith } from "./graphql-world.js";
import { bringTogether } from "./main-world.js";
import { startPlanting, type Planting } from "./planted-secrets.js";
import { hangUp } from "./raw-socket.js";
import { SECRET, startTestServer, type TestServer } from "./server.js";
import { openTestDatabase } from "./world.js";

const lines: string[] = [];
const destination = new Writable({
  write(chunk: Buffer, _encoding, done) {
    lines.push(chunk.toString());
    done();
  },
});

let server: TestServer;
let database: Database;
let at: Planting;
beforeAll(async () => {
  database = await openTestDatabase();
  server = await startTestServer({
    database,
    logger: createLogger("trace", destination),
    webRoot: import.meta.dirname,
  });
  const graph = speakWith(server);
  at = { ...graph, roomId: await bringTogether(graph) };
});
afterAll(async () => {
  hangUp();
  await server.close();
});

test("neither tokens nor passwords nor what people write stand in a log, also when everything fails", async () => {
  const { planting, plantAll, kinds, foundIn } = startPlanting();
  planting("the secret of tokens")(SECRET);
  await plantAll(at);
  const { schema } = database.orm.em.fork().getKysely();
  for (const table of ["chat_message", "chat_room", "chat_participant", "chat_attachment"])
    await schema.alterTable(table).renameTo(`lost_${table}`).execute();
  await plantAll(at);
  // Otherwise nothing would be found because nothing was written.
  const failures = lines.filter((line) => /"level":50/.test(line)).map((line): unknown => JSON.parse(line));
  expect(failures.length).toBeGreaterThan(8);
  expect(kinds().size).toBeGreaterThan(20);
  expect(foundIn(lines.join(""))).toEqual([]);
});
