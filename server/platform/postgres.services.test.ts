import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Migration } from "@mikro-orm/migrations";
import { createWorld, openPostgresTestDatabase, openTestDatabase, type World } from "../test/world.js";
import { entities } from "../entities.js";
import { checkOrigin } from "../features/feed/feed.origin.js";
import { sendMessage } from "../features/messages/message.actions.js";
import { migrations } from "../migrations/migrations.js";
import { startTestServer } from "../test/server.js";
import { until } from "../test/until.js";
import { durabilityFaults } from "./durability.js";
import { toDomainError } from "./errors.js";
import { migrate } from "./migrate.js";
import { openDatabase, type Database } from "./orm.js";
import { query, queryOne, sql } from "./sql.js";

let database: Database;
let world: World;
/** The same database, seen by somebody else: an operator, or a second node. */
let beside: Database;
beforeAll(async () => {
  database = await openPostgresTestDatabase();
  world = await createWorld({ database });
  const row = await queryOne<{ name: string }>(database.fork(), sql`select current_database() as name`);
  beside = await openDatabase({ url: urlOf(row?.name ?? ""), entities, migrations });
});
afterAll(async () => {
  await beside.close();
  await world.close();
});

function urlOf(name: string): string {
  const url = new URL(process.env.TEST_DATABASE_URL ?? "postgres://postgres@127.0.0.1:5432/postgres");
  url.pathname = `/${name}`;
  return url.href;
}

/** A database that nobody has touched yet. */
async function withEmptyDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const name = `parley_test_empty_${randomUUID().replaceAll("-", "")}`;
  await query(beside.fork(), sql`create database ${sql.raw(name)}`);
  try {
    await work(urlOf(name));
  } finally {
    await query(beside.fork(), sql`drop database ${sql.raw(name)} with (force)`);
  }
}

const columns = sql<{ it: string }>`
  select table_name || '.' || column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '') || ' ' || is_nullable
    || ' ' || coalesce(column_default, '') || coalesce(' p' || datetime_precision, '') as it
  from information_schema.columns where table_schema = 'public' order by 1`;
const constraints = sql<{ it: string }>`
  select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) as it
  from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n' order by 1`;
const indexes = sql<{ it: string }>`select indexdef as it from pg_indexes where schemaname = 'public' order by 1`;
const functions = sql<{
  it: string;
}>`select p.proname || ' ' || pg_get_function_arguments(p.oid) || ' ' || p.prosrc as it
  from pg_proc p where pronamespace = 'public'::regnamespace and proname like 'feed%' order by 1`;

describe("migrations", () => {
  test("give the embedded database and PostgreSQL the same tables, constraints, indexes and functions", async () => {
    const embedded = await openTestDatabase();
    for (const what of [columns, constraints, indexes, functions]) {
      const [here, there] = await Promise.all(
        [embedded, database].map(async (each) => (await query(each.fork(), what)).map(({ it }) => it)),
      );
      expect(here?.length).toBeGreaterThan(0);
      expect(here).toEqual(there);
    }
    await embedded.close();
  });

  test("have the specification's two composite indexes and its unique constraints", async () => {
    const found = (await query(database.fork(), indexes)).map(({ it }) =>
      it.replace(/^CREATE (UNIQUE )?INDEX \S+ ON public\./, "$1"),
    );
    expect(found).toEqual(
      expect.arrayContaining([
        "chat_message USING btree (room_id, created_at)",
        "chat_message USING btree (user_id, created_at)",
        "UNIQUE chat_participant USING btree (room_id, user_id)",
        "UNIQUE message_reaction USING btree (message_id, user_id, emoji)",
        "UNIQUE chat_message USING btree (user_id, client_key)",
        "UNIQUE chat_message USING btree (room_id, no)",
        "UNIQUE chat_room USING btree (project_id, direct_pair)",
      ]),
    );
  });

  test("are run once by nodes that start at once, which agree on the epoch", async () => {
    await withEmptyDatabase(async (url) => {
      const nodes = await Promise.all([1, 2, 3].map(() => openDatabase({ url, entities, migrations })));
      await Promise.all(
        nodes.map(async (node) => {
          await migrate(node, migrations);
          await checkOrigin(node.fork());
        }),
      );
      const [first] = nodes;
      const names =
        first && (await query<{ name: string }>(first.fork(), sql`select name from mikro_orm_migrations order by id`));
      expect(names?.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
      expect(first && (await query(first.fork(), sql`select * from feed_origin`))).toHaveLength(1);
      for (const node of nodes) await node.close();
    });
  });
});

test("a migration may take longer than any other statement", async () => {
  class Long extends Migration {
    override up(): void {
      this.addSql("select pg_sleep(12.5)");
    }
  }
  const slow = [{ name: "20261123000000-long", class: Long }];
  await withEmptyDatabase(async (url) => {
    const node = await openDatabase({ url, entities: [], migrations: slow });
    await migrate(node, slow);
    expect(await query(node.fork(), sql`select name from mikro_orm_migrations`)).toEqual([{ name: slow[0]?.name }]);
    await node.close();
  });
});

test("indexes of a database that is in use are made while others write, and what broke off is made anew", async () => {
  class Table extends Migration {
    override up(): void {
      this.addSql("create table thing (id int, what int)");
    }
  }
  class Index extends Migration {
    override up(): void {
      this.addSql("create index if not exists thing_index on thing (id)");
    }
  }
  const first = [{ name: "20261123000000-table", class: Table }];
  const both = [
    ...first,
    { name: "20261123000001-index", class: Index, ahead: ["create index if not exists thing_index on thing (id)"] },
  ];
  await withEmptyDatabase(async (url) => {
    const old = await openDatabase({ url, entities: [], migrations: first });
    await migrate(old, first);
    await query(old.fork(), sql`insert into thing values (1), (1)`);
    // What a build that fails half-way leaves.
    await expect(query(old.fork(), sql`create unique index concurrently thing_index on thing (id)`)).rejects.toThrow(
      /unique/,
    );
    const nodes = await Promise.all([1, 2].map(() => openDatabase({ url, entities: [], migrations: both })));
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const writing = old.fork().transactional(async (tx) => {
      await query(tx, sql`update thing set what = 1`);
      await mayEnd;
    });
    const migrating = Promise.all(nodes.map((node) => migrate(node, both)));
    await until(async () => {
      const rows = await query(
        beside.fork(),
        sql`select 1 from pg_stat_activity where query ~ '^(drop|create) index concurrently' and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    }, "the index to wait for what is being written");
    await query(old.fork(), sql`insert into thing values (2)`);
    end();
    await writing;
    await migrating;
    const index = sql`select indisvalid as "isValid", indisunique as "isUnique" from pg_index where indexrelid = 'thing_index'::regclass`;
    expect(await query(old.fork(), index)).toEqual([{ isValid: true, isUnique: false }]);
    for (const node of [old, ...nodes]) await node.close();
  });
});

describe("connections", () => {
  test("end what takes too long", async () => {
    const row = await queryOne(
      database.fork(),
      sql`select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
            current_setting('idle_in_transaction_session_timeout') as idle`,
    );
    expect(row).toEqual({ statement: "10s", lock: "5s", idle: "15s" });
  });

  test("do not wait for statements to be compiled", async () => {
    expect(await queryOne(database.fork(), sql`select current_setting('jit') as jit`)).toEqual({ jit: "off" });
  });

  test("that are cut in the middle of a send answer UNAVAILABLE; the same key again stores it once, and the pool recovers", async () => {
    const project = await world.project("apollo");
    const ada = await world.person("ada", project);
    const room = await world.group(project, ada);
    const message = { roomId: room.id, content: "once", clientMutationId: randomUUID() };
    let sending: Promise<unknown> = Promise.resolve();
    // The send waits for the room's row, which somebody else holds, and dies there.
    await beside.fork().transactional(async (tx) => {
      await query(tx, sql`select 1 from feed_stream where id = ${`r${room.id}`} for update`);
      sending = sendMessage(world.as(ada), message).catch((error: unknown) => toDomainError(error));
      const cut = await until(async () => {
        // Not in the transaction, which would see the activity of its beginning.
        const rows = await query(
          beside.fork(),
          sql`select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and wait_event_type = 'Lock' and query like '%feed_append_v1%' and pid <> pg_backend_pid()`,
        );
        return rows.length > 0;
      }, "the send to wait");
      expect(cut).toBe(true);
      expect(await sending).toMatchObject({ code: "UNAVAILABLE", details: { retryAfterMs: 1_000 } });
    });
    const again = await sendMessage(world.as(ada), message);
    expect(again.no).toBe(1);
    expect(await sendMessage(world.as(ada), message)).toEqual(again);
    expect(await query(database.fork(), sql`select id from chat_message where room_id = ${room.id}`)).toEqual([
      { id: again.id },
    ]);
  });

  test("on which a statement hangs keep nobody in line behind it: its end is that of all who wait, and the next send goes on", async () => {
    const project = await world.project("artemis");
    const bob = await world.person("bob", project);
    const room = await world.group(project, bob);
    const words = ["first", "second", "third"];
    await beside.fork().transactional(async (tx) => {
      await query(tx, sql`select 1 from feed_stream where id = ${`r${room.id}`} for update`);
      const sending = Promise.allSettled(
        words.map((content) => sendMessage(world.as(bob), { roomId: room.id, content })),
      );
      // As its time-out does. The room is locked still: whatever is sent for those in line would hang, too.
      await until(async () => {
        const rows = await query(
          beside.fork(),
          sql`select pg_cancel_backend(pid) from pg_stat_activity
              where datname = current_database() and wait_event_type = 'Lock' and query like '%feed_append_v1%' and pid <> pg_backend_pid()`,
        );
        return rows.length > 0;
      }, "the send to wait");
      const results = await sending;
      expect(results.map((result) => result.status === "rejected" && toDomainError(result.reason).code)).toEqual(
        words.map(() => "UNAVAILABLE"),
      );
    });
    expect((await sendMessage(world.as(bob), { roomId: room.id, content: "fourth" })).no).toBe(1);
  });

  test("all of which are cut while they idle, are replaced", async () => {
    await Promise.all([1, 2, 3, 4].map(() => query(database.fork(), sql`select pg_sleep(0)`)));
    await query(
      beside.fork(),
      sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await until(
      () =>
        query(database.fork(), sql`select 1`).then(
          () => true,
          () => false,
        ),
      "the pool to recover",
    );
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => query(database.fork(), sql`select 1 as one`)));
    expect(answers.flat()).toHaveLength(5);
  });
});

describe("P1 durable", () => {
  test("this PostgreSQL flushes what it acknowledges", async () => {
    expect(await durabilityFaults(database)).toEqual([]);
  });

  test("one that does not is named with its remedy, and refused in production", async () => {
    const row = await queryOne<{ name: string }>(database.fork(), sql`select current_database() as name`);
    const name = sql.raw(row?.name ?? "");
    await query(database.fork(), sql`alter database ${name} set synchronous_commit = off`);
    const url = urlOf(row?.name ?? "");
    const forgetful = await openDatabase({ url, entities, migrations });
    try {
      expect(await durabilityFaults(forgetful)).toEqual([expect.stringContaining("Set synchronous_commit = on")]);
      const settings = { DATABASE_URL: url, NODE_ENV: "production", JWT_SECRET: `${randomUUID()}${randomUUID()}` };
      const starting = startTestServer({ database: forgetful }, settings);
      await expect(starting).rejects.toMatchObject({ name: "DatabaseIsForgetful" });
    } finally {
      await query(database.fork(), sql`alter database ${name} reset synchronous_commit`);
      await forgetful.close();
    }
  });
});
