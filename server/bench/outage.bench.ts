import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { BenchDatabase } from "./database.js";
import type { Outcome, OutageCalls } from "./outage.process.js";
import type { PhaseFigures } from "./phases.js";
import { startRedis, type BenchRedis } from "./redis.js";
import { figure, type Report } from "./report.js";
import type { ServerCalls } from "./server.process.js";
import { startWorker, type Worker } from "./worker.js";

export interface OutageBench {
  readonly database: BenchDatabase;
  readonly report: Report;
  readonly isQuick: boolean;
  /** Whether Redis is killed, or stopped so that it hangs. */
  readonly how: "kill" | "stop";
}

interface Lengths {
  readonly beforeMs: number;
  readonly awayMs: number;
  readonly afterMs: number;
}

const PER_SECOND = 50;
const LENGTHS: Lengths = { beforeMs: 10_000, awayMs: 30_000, afterMs: 15_000 };
const QUICK_LENGTHS: Lengths = { beforeMs: 3_000, awayMs: 3_000, afterMs: 5_000 };

/** People write on one node and follow on another, and Redis between them goes away for a while. */
export async function outage(bench: OutageBench): Promise<void> {
  const { database, report } = bench;
  if (database.url === null)
    return report.fault("outage: two nodes need a PostgreSQL, and none answers. Start one, or set TEST_DATABASE_URL.");
  const redis = await startRedis();
  if (redis === undefined)
    return report.fault("outage: it takes a Redis of its own away, and there is no redis-server here. Install Redis.");
  report.note(`outage: on ${database.name}, two nodes with ${redis.name} between them.`);
  const nodes = [startWorker<ServerCalls>("server.process"), startWorker<ServerCalls>("server.process")];
  const load = startWorker<OutageCalls>("outage.process");
  try {
    const secret = randomBytes(48).toString("base64");
    const start = { databaseUrl: database.url, dataDir: database.dataDir, secret, redisUrl: redis.url };
    const urls: string[] = [];
    for (const node of nodes) urls.push(await node.call("start", { ...start, joins: urls.length > 0 }));
    const [writersUrl = "", followersUrl = ""] = urls;
    await load.call("start", { writersUrl, followersUrl, secret });
    describe(bench, await play(bench, redis, load));
  } finally {
    await load.stop();
    await Promise.all(nodes.map((node) => node.stop()));
    await redis.end();
  }
}

/** P3: how long a delivery may take while Redis is away. */
const PROMISED_MS = 1_500;

async function play({ isQuick, how }: OutageBench, redis: BenchRedis, load: Worker<OutageCalls>): Promise<Outcome> {
  const { beforeMs, awayMs, afterMs } = isQuick ? QUICK_LENGTHS : LENGTHS;
  const messages = ((beforeMs + awayMs + afterMs) / 1_000) * PER_SECOND;
  const breakRedis = async (): Promise<void> => {
    await pause(beforeMs);
    await load.call("mark", "during");
    await redis.takeAway(how);
    await pause(awayMs);
    await redis.giveBack();
    await load.call("mark", "after");
  };
  await load.call("mark", "before");
  const [outcome] = await Promise.all([load.call("talk", { messages, perSecond: PER_SECOND }), breakRedis()]);
  return outcome;
}

function describe({ report, isQuick, how }: OutageBench, { failures, sends, heard }: Outcome): void {
  const { awayMs } = isQuick ? QUICK_LENGTHS : LENGTHS;
  const title = `Redis ${how === "kill" ? "killed" : "hanging"} for ${awayMs / 1_000} s, ${PER_SECOND} messages a second: from when a message was due`;
  const cells = ({ name, count, p50Ms, p99Ms, maxMs }: PhaseFigures): string[] => [
    name,
    count.toLocaleString("en"),
    ...[p50Ms, p99Ms, maxMs].map(figure),
  ];
  const rows = [
    ...sends.map((phase) => ["until its sender has the answer", ...cells(phase)]),
    ...heard.flatMap(({ field, phases }) =>
      phases.map((phase) => [`until it is delivered, ${field}`, ...cells(phase)]),
    ),
  ];
  report.table(title, ["outage", "phase", "count", "p50 ms", "p99 ms", "max ms"], rows);
  const faultHeads = [
    "followers on the other node",
    "deliveries",
    "lost",
    "doubled",
    "out of order",
    "normal after ms",
  ];
  const faultRows = heard.map(({ field, tally, normalAfterMs }) => [
    field,
    ...[tally.delivered, tally.lost, tally.doubled, tally.disordered].map((count) => count.toLocaleString("en")),
    normalAfterMs === undefined ? "never" : figure(normalAfterMs),
  ]);
  report.table(`What became of the messages; sends that failed: ${failures.length}`, faultHeads, faultRows);
  for (const { field, tally, phases } of heard) {
    const late = phases.find(({ name, p99Ms }) => name === "during" && p99Ms > PROMISED_MS);
    if (late !== undefined)
      report.fault(
        `outage, ${field}: deliveries took up to ${figure(late.p99Ms)} ms (p99), and ${PROMISED_MS} are promised.`,
      );
    const { lost, doubled, disordered, expected } = tally;
    if (lost + doubled + disordered > 0) {
      const faults = `${lost} were lost, ${doubled} came twice, and ${disordered} in another order than elsewhere`;
      report.fault(`outage, ${field}: of ${expected} deliveries ${faults}.`);
    }
  }
  if (failures.length > 0) report.fault(`outage: ${failures.length} sends failed, the first one: ${failures[0]}`);
}
