import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createLogger } from "../platform/logger.js";
import type { Database } from "../platform/orm.js";
import { speakWith } from "./graphql-world.js";
import { bringTogether } from "./main-world.js";
import { kinds, type Planting } from "./planted-secrets.js";
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

/** What nobody may find in the log, and what it is. */
const planted = new Map([[SECRET, "the secret of tokens"]]);

/** Everything that carries a secret, by whatever way, once. */
async function plantAll(): Promise<void> {
  for (const [what, plantOne] of Object.entries(kinds)) {
    await plantOne(at, (secret = `planted${randomUUID().replaceAll("-", "")}`) => {
      planted.set(secret, what);
      return secret;
    });
  }
}

test("neither tokens nor passwords nor what people write stand in a log, also when everything fails", async () => {
  await plantAll();
  const { schema } = database.orm.em.fork().getKysely();
  for (const table of ["chat_message", "chat_room", "chat_participant", "chat_attachment"])
    await schema.alterTable(table).renameTo(`lost_${table}`).execute();
  await plantAll();
  const log = lines.join("");
  // Otherwise nothing would be found because nothing was written.
  const failures = lines.filter((line) => /"level":50/.test(line)).map((line): unknown => JSON.parse(line));
  expect(failures.length).toBeGreaterThan(8);
  const found = [...planted].filter(([secret]) => log.includes(secret)).map(([, what]) => what);
  expect(found).toEqual([]);
});
