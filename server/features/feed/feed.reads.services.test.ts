import type { SqlEntityManager } from "@mikro-orm/sql";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { jsonb, query, queryOne, sql } from "../../platform/sql.js";
import { createWorld, openPostgresTestDatabase, type World } from "../../test/world.js";
import type { User } from "../directory/directory.js";
import { sendMessage } from "../messages/message.actions.js";
import type { Room } from "../rooms/room.js";
import { entriesAfter, headOf, unresumable } from "./feed.queries.js";
import { roomStream, type StreamId } from "./stream.js";

const MISSED = 5_000;
/** In one transaction many more take long: each leaves a dead row of its stream behind. */
const AT_ONCE = 500;
const PAGE = 100;
const EARLY = 10;

let world: World;
let ada: User;
let room: Room;
let stream: StreamId;
beforeAll(async () => {
  world = await createWorld({ database: await openPostgresTestDatabase() });
  const project = await world.project("apollo");
  ada = await world.person("ada", project);
  room = await world.group(project, ada);
  stream = roomStream(room.id);
  const payload = { content: "What was missed.", type: "text", mentionIds: [], clientKey: null };
  for (let written = 0; written < MISSED; written += AT_ONCE)
    await query(
      world.database.fork(),
      sql`select count(*) from generate_series(1, ${AT_ONCE}) n,
        lateral feed_append_v1(${stream}, case when n > 0 then 'message_sent' end, ${ada.id}, ${jsonb(payload)},
          null, null, null, true)`,
    );
});
afterAll(() => world.close());

/** How many entries of the log a connection has looked at, by its index or otherwise, that are not reported yet. */
async function entriesRead(em: SqlEntityManager): Promise<number> {
  const row = await queryOne<{ entries: number }>(
    em,
    sql`select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as entries
        from pg_stat_xact_user_tables where relname = 'feed_entry'`,
  );
  return row?.entries ?? 0;
}

async function entriesReadBy(read: (em: SqlEntityManager) => Promise<unknown>): Promise<number> {
  return world.database.fork().transactional(async (tx) => {
    const before = await entriesRead(tx);
    await read(tx);
    return (await entriesRead(tx)) - before;
  });
}

const plans = ["before the database has counted anything", "when the database knows its tables"] as const;

test.each(plans)("what somebody costs who comes back does not grow with what they have missed: %s", async (plan) => {
  if (plan === plans[1]) await query(world.database.fork(), sql`analyze feed_entry, feed_stream`);
  const { epoch } = (await headOf(world.database.fork(), stream)) ?? { epoch: "" };
  expect(await entriesReadBy((em) => entriesAfter(em, stream, EARLY, PAGE))).toBe(PAGE);
  const positions = [{ stream, epoch, seq: EARLY }];
  expect(await entriesReadBy((em) => unresumable(em, positions))).toBe(positions.length);
  expect(await unresumable(world.database.fork(), positions)).toEqual([]);
});

test("a message that is sent to a long log looks at none of it", async () => {
  expect(await entriesReadBy((em) => sendMessage({ ...world.as(ada), em }, { roomId: room.id, content: "Hi" }))).toBe(
    0,
  );
});
