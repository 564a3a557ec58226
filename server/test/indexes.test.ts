import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../platform/orm.js";
import { query, sql } from "../platform/sql.js";
import { openTestDatabase } from "./world.js";

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test("deleting a row looks through no table for those that point to it: every foreign key begins an index", async () => {
  const unindexed = await query<{ name: string }>(
    database.fork(),
    sql`select c.conrelid::regclass || '.' || a.attname as name
        from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        where c.contype = 'f' and not exists (
          select 1 from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1] and i.indpred is null)`,
  );
  expect(unindexed).toEqual([]);
});
