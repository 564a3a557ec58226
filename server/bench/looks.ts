import { entities } from "../entities.js";
import { movedStreams } from "../features/feed/feed.queries.js";
import { migrations } from "../migrations/migrations.js";
import { openDatabase, type Database } from "../platform/orm.js";
import { query, queryOne, sql } from "../platform/sql.js";
import { cpuBetween, openDatabaseCpu } from "./database-cpu.js";
import { figure, median, type Report } from "./report.js";

/** As `feed.node.ts` looks: an entry counts for so long after its time. */
const MARGIN_MS = 12_000;
const EVENTS_A_SECOND = [0, 100, 1_000, 5_000, 20_000];
const QUICK_EVENTS_A_SECOND = [0, 100, 1_000];
/** Among which the events are spread evenly; where no others are. */
const ROOMS = 20_000;
const FIRST_ROOM = 1_000_000;
const LOOKS = 15;
const WARM_UP_LOOKS = 3;

/** What it costs a node and the database to ask once which streams have moved, by how much is going on everywhere. */
export async function measureLooks(databaseUrl: string, report: Report, isQuick: boolean): Promise<void> {
  const database = await openDatabase({ url: databaseUrl, dataDir: "", entities, migrations });
  const cpu = await openDatabaseCpu(databaseUrl);
  const rows: string[][] = [];
  try {
    await query(
      database.fork(),
      sql`insert into feed_stream (id) select 'r' || n from generate_series(${FIRST_ROOM}::int, ${FIRST_ROOM + ROOMS - 1}::int) n`,
    );
    let seq = 0;
    for (const perSecond of isQuick ? QUICK_EVENTS_A_SECOND : EVENTS_A_SECOND) {
      const entries = (perSecond * MARGIN_MS) / 1_000;
      seq += entries;
      const since = await logEvents(database, entries, seq);
      const look = async (): Promise<number> => {
        const startMs = performance.now();
        const { heads } = await movedStreams(database.fork(), since, MARGIN_MS);
        if (heads.length !== Math.min(entries, ROOMS))
          report.fault(`A look found ${heads.length} streams of ${entries} entries.`);
        return performance.now() - startMs;
      };
      for (let done = 0; done < WARM_UP_LOOKS; done += 1) await look();
      const before = await cpu.read();
      const ownBefore = process.cpuUsage();
      const tookMs: number[] = [];
      for (let done = 0; done < LOOKS; done += 1) tookMs.push(await look());
      const own = process.cpuUsage(ownBefore);
      const spent = cpuBetween(before, await cpu.read());
      rows.push([
        perSecond.toLocaleString("en"),
        entries.toLocaleString("en"),
        spent === undefined ? "-" : figure(spent / LOOKS),
        figure((own.user + own.system) / LOOKS),
        figure(median(tookMs)),
      ]);
    }
  } finally {
    await cpu.end();
    await database.close();
  }
  report.table(
    "A node's look into the log, which comes every 750 ms, by the events a second of all nodes together",
    ["events/s", "entries", "database us", "node us", "ms"],
    rows,
  );
}

/** As many entries within the margin before a moment of their own, which is the answer; none of an earlier call. */
async function logEvents(database: Database, entries: number, firstSeq: number): Promise<string> {
  const em = database.fork();
  const row = await queryOne<{ since: string }>(
    em,
    sql`select (coalesce(max(at), now()) + ${MARGIN_MS + 1_000} * interval '1 millisecond')::text as since from feed_entry`,
  );
  const since = row?.since ?? "";
  await query(
    em,
    sql`insert into feed_entry (stream, seq, kind, actor_id, payload, at)
        select 'r' || (${FIRST_ROOM}::int + n % ${ROOMS}::int), ${firstSeq}::int + n, 'message_sent', 1, '{}'::jsonb,
          ${since}::timestamptz - n * ${MARGIN_MS / Math.max(entries + 1, 1)}::float8 * interval '1 millisecond'
        from generate_series(1, ${entries}::int) n`,
  );
  await query(em, sql`analyze feed_entry`);
  return since;
}
