import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { entities } from "../entities.js";
import { commit } from "../features/feed/feed.actions.js";
import { checkOrigin } from "../features/feed/feed.origin.js";
import { sendMessage } from "../features/messages/message.actions.js";
import { migrations } from "../migrations/migrations.js";
import { startTestPostgres, type TestPostgres } from "../test/own-postgres.js";
import { until } from "../test/until.js";
import { createWorld, NOWHERE, type World } from "../test/world.js";
import { migrate } from "./migrate.js";
import { openDatabase, type Database } from "./orm.js";
import { query, queryPrepared, sql } from "./sql.js";

let postgres: TestPostgres;
let database: Database;
let world: World;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await openDatabase({ url: postgres.url, entities, migrations });
  await migrate(database, migrations);
  await checkOrigin(database.fork());
  world = await createWorld({ database });
}, 60_000);
afterAll(async () => {
  await world.close();
  await postgres.end();
});

interface Thing {
  readonly word: string | number;
}

const things = sql<Thing>`select * from prepared_thing`;
const read = () => queryPrepared(database.fork(), things);
const change = (ddl: string) => query(database.fork(), sql.raw(ddl));
/** What connections keep: of each of them only it itself can say. */
const kept = async () => {
  const rows = await query<{ statement: string }>(database.fork(), sql`select statement from pg_prepared_statements`);
  return rows.map(({ statement }) => statement);
};

beforeEach(async () => {
  await change("drop table if exists prepared_thing");
  await change("create table prepared_thing (word text)");
  await change("insert into prepared_thing values ('one')");
});

describe("a statement that is sent often", () => {
  test("is kept by its connection, and others are not", async () => {
    await read();
    const statements = await kept();
    expect(statements).toContain("select * from prepared_thing");
    expect(statements.join()).not.toContain("pg_prepared_statements");
  });

  test("answers after a migration has changed what it answers with", async () => {
    expect(await read()).toEqual([{ word: "one" }]);
    await change("alter table prepared_thing alter word type int using 1");
    expect(await read()).toEqual([{ word: 1 }]);
    await change("alter table prepared_thing add more text default 'x'");
    expect(await read()).toEqual([{ word: 1, more: "x" }]);
    expect(await read()).toEqual([{ word: 1, more: "x" }]);
  });

  test("answers in a transaction, which is done again", async () => {
    const inside = () =>
      commit({ caller: "host", via: NOWHERE, em: database.fork(), services: world.services }, ({ tx }) =>
        queryPrepared(tx, things),
      );
    expect(await inside()).toEqual([{ word: "one" }]);
    await change("alter table prepared_thing add more int");
    expect(await inside()).toEqual([{ word: "one", more: null }]);
  });

  test("answers when its connection has forgotten what was prepared", async () => {
    await read();
    await change("deallocate all");
    expect(await read()).toEqual([{ word: "one" }]);
  });

  test("answers after the database was restarted", async () => {
    const project = await world.project("apollo");
    const john = await world.person("john", project);
    const room = await world.group(project, john);
    await sendMessage(world.as(john), { roomId: room.id, content: "before" });
    await read();
    await postgres.stop("fast");
    await postgres.start();
    await until(
      () =>
        read().then(
          () => true,
          () => false,
        ),
      "the database answers again",
    );
    const { no } = await sendMessage(world.as(john), { roomId: room.id, content: "after" });
    expect(no).toBe(2);
  });

  test("fails as ever when it is at fault itself", async () => {
    const failing = queryPrepared(database.fork(), sql`select 1 / ${0}::int`);
    await expect(failing).rejects.toMatchObject({ code: "22012" });
  });
});
