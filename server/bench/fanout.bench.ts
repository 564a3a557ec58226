import { inPairs, spend, type Bench } from "./bench.js";
import type { Tally } from "./deliveries.js";
import type { EventField } from "./documents.js";
import type { Side } from "./load.process.js";
import { crowd100, crowd500, crowdSeats, smallSeats, type Seat } from "./plan.js";
import { figure, median, spread } from "./report.js";

interface Scene {
  readonly name: string;
  readonly field: EventField;
  readonly seats: readonly Seat[];
  /** How many people each message goes to. */
  readonly reach: number;
}

interface Pace {
  readonly messages: number;
  readonly perSecond: number;
}

interface Turn {
  readonly cpuMicrosPerEvent: number;
  readonly tally: Tally;
}

const PAIRS = 7;
const QUICK_PAIRS = 3;
const SECONDS = 2;
const QUICK_SECONDS = 0.8;
const WARM_UP: Pace = { messages: 25, perSecond: 10 };
const QUICK_WARM_UP: Pace = { messages: 12, perSecond: 20 };
/** How much of a core the pace shall take: far from where queues grow, far from where idling counts. */
const CORE_SHARE = 0.35;
const MAX_EVENTS_PER_SECOND = 6_000;
const MIN_MESSAGES = 6;
/** Connections that are there before memory is measured: what is made once must not count. */
const FIRST_CONNECTIONS = 20;

/** What an event costs that many people follow, beside a bare broadcast of the same bytes. */
export async function fanout(bench: Bench): Promise<void> {
  const scenes = bench.isQuick ? quickScenes : allScenes;
  const large = bench.isQuick ? crowdSeats(crowd100, 100) : crowdSeats(crowd500, 500);
  const memory = await measureIdle(bench, large);
  const rows: string[][] = [];
  for (const scene of scenes) rows.push(await play(bench, scene));
  const heads = [
    "fan-out",
    "us/event",
    "floor",
    "ratio",
    "p50 ms",
    "floor",
    "p99 ms",
    "floor",
    "messages/s",
    "deliveries",
  ];
  bench.report.table("Server CPU per delivered event, beside a bare `ws` broadcast of the same bytes", heads, rows);
  const memoryHeads = [`idle, ${large.length} connections`, "KB in use", "floor", "KB resident", "floor"];
  bench.report.table("Memory per idle subscriber", memoryHeads, [["chatRoomEvents", ...memory]]);
}

const hundred = { name: "100 in a room", seats: crowdSeats(crowd100, 100), reach: 100 };
const fiveHundred = { name: "500 in a room", seats: crowdSeats(crowd500, 500), reach: 500 };

const quickScenes: readonly Scene[] = [
  { ...hundred, field: "chatRoomEvents" },
  { ...hundred, field: "chatEvents" },
];
const allScenes: readonly Scene[] = [
  ...quickScenes,
  { ...fiveHundred, field: "chatRoomEvents" },
  { ...fiveHundred, field: "chatEvents" },
  { name: "100 rooms x 10", seats: smallSeats(), reach: 10, field: "chatRoomEvents" },
];

async function play(bench: Bench, scene: Scene): Promise<string[]> {
  const { load } = bench;
  const { field, seats } = scene;
  const warmUp = bench.isQuick ? QUICK_WARM_UP : WARM_UP;
  await load.call(
    "connect",
    seats.map(({ user }) => user),
  );
  await load.call("follow", "parley", field, seats);
  await turn(bench, "parley", scene, warmUp);
  const pace = paceFor(bench, scene, await turn(bench, "parley", scene, warmUp));
  await load.call("follow", "floor", field, seats);
  await turn(bench, "floor", scene, warmUp);
  const pairs = await inPairs(
    bench.isQuick ? QUICK_PAIRS : PAIRS,
    () => turn(bench, "parley", scene, pace),
    () => turn(bench, "floor", scene, pace),
  );
  await load.call("leave", "parley");
  await load.call("leave", "floor");
  return describe(scene, pairs, pace);
}

/** A pace that both sides can hold, by what an event cost while warming up. */
function paceFor({ isQuick }: Bench, { reach }: Scene, { cpuMicrosPerEvent }: Turn): Pace {
  const eventsPerSecond = Math.min(MAX_EVENTS_PER_SECOND, (CORE_SHARE * 1_000_000) / cpuMicrosPerEvent);
  const perSecond = eventsPerSecond / reach;
  return { perSecond, messages: Math.max(MIN_MESSAGES, Math.ceil(perSecond * (isQuick ? QUICK_SECONDS : SECONDS))) };
}

function describe({ name, field }: Scene, pairs: readonly Readonly<Record<Side, Turn>>[], pace: Pace): string[] {
  const middle = (side: Side, of: (turn: Turn) => number): string =>
    figure(median(pairs.map((pair) => of(pair[side]))));
  const cpu = (turned: Turn): number => turned.cpuMicrosPerEvent;
  const p50 = (turned: Turn): number => turned.tally.p50Ms;
  const p99 = (turned: Turn): number => turned.tally.p99Ms;
  return [
    `${name}, ${field}`,
    middle("parley", cpu),
    middle("floor", cpu),
    spread(pairs.map((pair) => cpu(pair.parley) / cpu(pair.floor))),
    middle("parley", p50),
    middle("floor", p50),
    middle("parley", p99),
    middle("floor", p99),
    figure(pace.perSecond),
    pairs.reduce((sum, { parley }) => sum + parley.tally.delivered, 0).toLocaleString("en"),
  ];
}

/** One run of messages on one side; a lost or doubled delivery fails everything. */
async function turn(bench: Bench, side: Side, { name, field }: Scene, pace: Pace): Promise<Turn> {
  const what = `${name}, ${field}`;
  const measured = side === "parley" ? bench.server : bench.floor;
  const spent = await spend(bench, measured, what, () => bench.load.call("broadcast", { side, ...pace }));
  const { lost, doubled, disordered, expected, delivered } = spent.result;
  if (lost + doubled + disordered > 0) {
    const faults = `${lost} were lost, ${doubled} came twice, and ${disordered} in another order than elsewhere`;
    bench.report.fault(`${what}, ${side}: of ${expected} deliveries ${faults}.`);
  }
  return { cpuMicrosPerEvent: spent.cpuMicros / delivered, tally: spent.result };
}

/** Kilobytes for each of many connections that follow a room in which nothing happens. */
async function measureIdle(bench: Bench, seats: readonly Seat[]): Promise<readonly string[]> {
  const { load } = bench;
  const first = seats.slice(0, FIRST_CONNECTIONS);
  const count = seats.length - first.length;
  const measure = async (side: Side): Promise<readonly [string, string]> => {
    const measured = side === "parley" ? bench.server : bench.floor;
    if (side === "parley")
      await load.call(
        "connect",
        first.map(({ user }) => user),
      );
    await load.call("follow", side, "chatRoomEvents", first);
    const before = await measured.call("settledUsage");
    if (side === "parley")
      await load.call(
        "connect",
        seats.map(({ user }) => user),
      );
    await load.call("follow", side, "chatRoomEvents", seats);
    const after = await measured.call("settledUsage");
    await load.call("leave", side);
    const perConnection = (bytes: number): string => figure(bytes / 1_024 / count);
    return [perConnection(after.heapBytes - before.heapBytes), perConnection(after.rssBytes - before.rssBytes)];
  };
  const parley = await measure("parley");
  const floor = await measure("floor");
  return [parley[0], floor[0], parley[1], floor[1]];
}
