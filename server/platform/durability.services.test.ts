import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { entities } from "../entities.js";
import { migrations } from "../migrations/migrations.js";
import { startTestPostgres } from "../test/own-postgres.js";
import { until } from "../test/until.js";
import { durabilityFaults } from "./durability.js";
import { openDatabase, type Database } from "./orm.js";
import { query, sql } from "./sql.js";

const opened: (() => Promise<void>)[] = [];
let database: Database;
beforeAll(async () => {
  const postgres = await startTestPostgres();
  opened.push(() => postgres.end());
  database = await openDatabase({ url: postgres.url, entities, migrations });
  opened.push(() => database.close());
}, 60_000);
afterAll(async () => {
  // Whatever did not open is not there to be closed, and the fault of that is what is to be read.
  for (const close of opened.toReversed()) await close();
});

test.each(["fsync", "synchronous_commit"])("a PostgreSQL whose %s is off is named with its remedy", async (setting) => {
  const change = async (value: string): Promise<void> => {
    await query(database.fork(), sql`alter system set ${sql.raw(setting)} = ${sql.raw(value)}`);
    await query(database.fork(), sql`select pg_reload_conf()`);
  };
  expect(await durabilityFaults(database)).toEqual([]);
  await change("off");
  try {
    const faults = await until(async () => {
      const found = await durabilityFaults(database);
      return found.length > 0 && found;
    }, "the setting to count");
    expect(faults).toEqual([expect.stringContaining(`Set ${setting} = on.`)]);
  } finally {
    await change("on");
  }
  await until(async () => (await durabilityFaults(database)).length === 0, "the setting to count");
});
