import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { pino } from "pino";
import { TestClock } from "../test/clock.js";
import { POSTGRES_URL } from "../test/postgres.js";
import { startTcpProxy, type TcpProxy } from "../test/tcp-proxy.js";
import { until } from "../test/until.js";
import { openDatabase, type Database } from "./orm.js";
import { query, sql } from "./sql.js";
import type { Clock } from "./time.js";
import { watchDatabase } from "./watch-database.js";

const AWAY = "the database is away; sends are refused, and events wait";
const BACK = "the database is back";
const SLOW = "the database is slow; sends take as long as it does, or are refused";
const IN_TIME = "the database answers in time again";
/** As many as the pool has. */
const CONNECTIONS = 10;
const ASK_EVERY_MS = 1_000;

let proxy: TcpProxy;
let database: Database;
let clock: TestClock;
let said: string[];
/** How often the watch has begun to wait until it asks again. */
let waits: number;
let endWatch: () => void;

beforeAll(async () => {
  proxy = await startTcpProxy(POSTGRES_URL);
});
beforeEach(async () => {
  database = await openDatabase({ url: proxy.url, entities: [], migrations: [] });
  await query(database.fork(), sql`select 1`);
  clock = new TestClock();
  said = [];
  const write = (line: string): void => void said.push((JSON.parse(line) as { msg: string }).msg);
  waits = 0;
  const noting: Clock = {
    now: () => clock.now(),
    elapsedMs: () => clock.elapsedMs(),
    after(delayMs, callback) {
      if (delayMs === ASK_EVERY_MS) waits += 1;
      return clock.after(delayMs, callback);
    },
  };
  endWatch = watchDatabase({ database, clock: noting, logger: pino({ level: "info" }, { write }) });
});
afterEach(async () => {
  endWatch();
  proxy.mend();
  await database.close();
});
afterAll(() => proxy.close());

/** Has the watch ask, and waits until it has told what it found, and waits to ask again. */
async function look({ isLate = false } = {}): Promise<void> {
  const before = waits;
  clock.advance(ASK_EVERY_MS);
  // No answer can have come in between.
  if (isLate) clock.advance(3_000);
  await until(() => waits > before, "the end of a look");
}

test("a database whose answers are late is slow and not away, until they come in time", async () => {
  proxy.delay(50);
  await look({ isLate: true });
  await look({ isLate: true });
  expect(said).toEqual([SLOW]);
  await look();
  expect(said).toEqual([SLOW, IN_TIME]);
});

test("a database that is there for others, while all connections are busy, is slow and not away", async () => {
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  let taken = 0;
  const busy = Array.from({ length: CONNECTIONS }, () =>
    database.fork().transactional(async (tx) => {
      await query(tx, sql`select 1`);
      taken += 1;
      await mayEnd;
    }),
  );
  await until(() => taken === CONNECTIONS, "all connections to be taken");
  const looking = look({ isLate: true });
  await until(() => said.length > 0, "something to be said");
  end();
  await Promise.all([...busy, looking]);
  await look();
  expect(said).toEqual([SLOW, IN_TIME]);
});

test("a database that can't be reached is away, and back when it is reached; one that was slow before as well", async () => {
  proxy.delay(50);
  await look({ isLate: true });
  proxy.cut();
  await look();
  await look({ isLate: true });
  expect(said).toEqual([SLOW, AWAY]);
  proxy.mend();
  await look();
  expect(said).toEqual([SLOW, AWAY, BACK]);
});

test("a database that takes connections and answers nothing is away", async () => {
  proxy.stall();
  await look({ isLate: true });
  expect(said).toEqual([AWAY]);
});

test("a connection that was cut, where others can be had, is not worth a word", async () => {
  proxy.cut();
  proxy.mend();
  await look();
  await look();
  expect(said).toEqual([]);
});
