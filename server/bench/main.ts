import { randomBytes } from "node:crypto";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Bench } from "./bench.js";
import { createBenchDatabase, type BenchDatabase } from "./database.js";
import { openDatabaseCpu } from "./database-cpu.js";
import { fanout } from "./fanout.bench.js";
import type { FloorCalls } from "./floor.process.js";
import { growth } from "./growth.bench.js";
import { history, rooms } from "./history.bench.js";
import { hostile } from "./hostile.bench.js";
import { idle } from "./idle.bench.js";
import { imports } from "./import.bench.js";
import type { LoadCalls } from "./load.process.js";
import { createTokens } from "./load.tokens.js";
import { nodes } from "./nodes.bench.js";
import { createReport, describeMachine, type Report } from "./report.js";
import { scale } from "./scale.js";
import { search } from "./search.bench.js";
import { send } from "./send.bench.js";
import type { ServerCalls } from "./server.process.js";
import { storm } from "./storm.bench.js";
import { uploads } from "./uploads.bench.js";
import { upserts } from "./upserts.bench.js";
import { startWorker } from "./worker.js";

/** One benchmark's turn: a database of its own, and what was asked for. */
interface Turn {
  readonly name: string;
  readonly options: Options;
  readonly database: BenchDatabase;
  readonly report: Report;
}

/** In the order in which they run: what measures processors first, what takes long last. */
const benches: Readonly<Record<string, (turn: Turn) => Promise<void>>> = {
  fanout: (turn) => onOneServer(fanout, turn),
  send: (turn) => onOneServer(send, turn),
  history: (turn) => onOneServer(history, turn),
  rooms: (turn) => onOneServer(rooms, turn),
  nodes: ({ options: { isQuick }, report }) => nodes({ report, isQuick }),
  hostile: (turn) => onOneServer(hostile, turn),
  idle: (turn) => onOneServer(idle, turn),
  storm: (turn) => onOneServer(storm, turn),
  upserts: (turn) => onOneServer(upserts, turn),
  uploads: (turn) => onOneServer(uploads, turn),
  growth: ({ options: { isQuick }, report }) => growth({ report, isQuick }),
  import: ({ options: { isQuick }, database, report }) => imports({ database, report, isQuick }),
  search: (turn) => onOneServer(search, turn),
  scale: async ({ report }) => scale(report),
};

/** Long enough for a few heartbeats. */
const IDLE_MINUTES = 0.5;

const HELP = `Measures the server: what it spends on each delivery, message and request, beside what can't be avoided.

  npm run bench -- [name ...] [--quick] [--only text] [--minutes n] [--profile folder]

  name       ${Object.keys(benches).join(", ")}; all of them when none is given
  --quick    fewer and shorter runs: each within a minute or two, and less exact
  --only     of fanout and idle, the scenes alone whose name has this text: "500 in a room, chatEvents"
  --minutes  how long the connections of idle stay; ${IDLE_MINUTES} when it is not given
  --profile  writes a CPU profile of the server into this folder
  --help     shows this

It runs on PostgreSQL (TEST_DATABASE_URL, else the one on this machine), in a database of its own that it drops.
`;

interface Options {
  readonly names: readonly string[];
  readonly isQuick: boolean;
  readonly profile: string | undefined;
  readonly only: string;
  readonly minutes: number;
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: "boolean" },
      profile: { type: "string" },
      only: { type: "string", default: "" },
      minutes: { type: "string", default: String(IDLE_MINUTES) },
      help: { type: "boolean" },
    },
  });
  const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
  if (values.help === true || unknown !== undefined) {
    process.stdout.write(unknown === undefined ? HELP : `There is no benchmark ${unknown}.\n\n${HELP}`);
    return unknown === undefined ? 0 : 1;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  const minutes = Number(values.minutes);
  return runAll({ names, isQuick: values.quick === true, profile: values.profile, only: values.only, minutes });
}

async function runAll(options: Options): Promise<number> {
  const report = createReport(
    (line) => process.stdout.write(`${line}\n`),
    (line) => process.stderr.write(`${line}\n`),
  );
  process.stdout.write(`${describeMachine()}\n`);
  const [load = 0] = loadavg();
  if (load > cpus().length / 2)
    report.note(`The machine was busy (load ${load.toFixed(1)}): CPU time roughly holds, latencies and rates do not.`);
  for (const [index, name] of options.names.entries()) {
    report.progress(`${name}, ${index + 1} of ${options.names.length}`);
    await runOne(name, options, report);
  }
  if (options.isQuick) report.note("--quick: fewer and shorter runs. Compare with care.");
  report.end();
  return report.faults.length > 0 ? 1 : 0;
}

/** One that breaks off fails the run, and keeps none of the others from theirs. */
async function runOne(name: string, options: Options, report: Report): Promise<void> {
  const database = await createBenchDatabase();
  try {
    await benches[name]?.({ name, options, database, report });
  } catch (error) {
    report.fault(`${name} broke off: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    await database.drop();
  }
}

/** Each benchmark gets processes and a database of its own: none of them warms the next one up, or fills its tables. */
async function onOneServer(measure: (bench: Bench) => Promise<void>, turn: Turn): Promise<void> {
  const { name, database, report } = turn;
  const { isQuick, profile, only, minutes } = turn.options;
  if (database.url === null) {
    report.note("PostgreSQL does not answer: this is the embedded database, inside the server and in its CPU time.");
  } else {
    report.note(
      `On ${database.name}, one node, events in process; the database's own CPU time is counted only where it has a column.`,
    );
  }
  const profiling =
    profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${name}.cpuprofile`];
  const databaseCpu = await openDatabaseCpu(database.url);
  const server = startWorker<ServerCalls>("server.process", ["--expose-gc", ...profiling]);
  const floor = startWorker<FloorCalls>("floor.process", ["--expose-gc"]);
  const load = startWorker<LoadCalls>("load.process");
  try {
    const secret = randomBytes(48).toString("base64");
    const serviceToken = randomBytes(48).toString("base64url");
    const start = { databaseUrl: database.url, dataDir: database.dataDir, secret, serviceToken };
    const [parleyUrl, floorUrl] = await Promise.all([server.call("start", start), floor.call("start", database.url)]);
    const urls = { parley: parleyUrl, floor: floorUrl };
    await load.call("start", urls.parley, urls.floor, secret);
    const token = createTokens(secret);
    const hasPostgres = database.url !== null;
    const isWanted = (scene: string): boolean => scene.includes(only);
    const asked = { isQuick, isWanted, minutes };
    await measure({ server, floor, load, urls, token, serviceToken, hasPostgres, databaseCpu, report, ...asked });
  } finally {
    await load.stop();
    await Promise.all([floor.stop(), server.stop()]);
    await databaseCpu.end();
  }
}

process.exitCode = await main(process.argv.slice(2));
