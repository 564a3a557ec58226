import { inPairs, requireOpenFiles, spend, type Bench } from "./bench.js";
import type { Tally } from "./deliveries.js";
import type { FollowedBy } from "./documents.js";
import type { Side } from "./load.process.js";
import {
  crowd100,
  crowd500,
  crowdSeats,
  FIRST_WRITER,
  largestSeats,
  roomsOf,
  smallSeats,
  writtenRooms,
  type Seat,
} from "./plan.js";
import { figure, median, spread } from "./report.js";

interface Scene {
  readonly name: string;
  readonly by: FollowedBy;
  readonly seats: readonly Seat[];
  /** How many connections each message goes to. */
  readonly reach: number;
  /** Part of a short run. */
  readonly isQuick?: boolean;
  /** So many messages are sent at once; absent: one by one, at a steady pace. */
  readonly burst?: number;
}

interface Pace {
  readonly messages: number;
  readonly perSecond: number;
  readonly atOnce: number;
}

interface Turn {
  readonly cpuMicrosPerEvent: number;
  readonly tally: Tally;
}

type Pair = Readonly<Record<Side, Turn>>;

const PAIRS = 7;
const QUICK_PAIRS = 3;
const SECONDS = 2;
const QUICK_SECONDS = 0.8;
const WARM_UP: Pace = { messages: 50, perSecond: 20, atOnce: 1 };
const QUICK_WARM_UP: Pace = { messages: 24, perSecond: 30, atOnce: 1 };
/** The connections of a crowd that a warm-up takes about as long with as with any other. */
const WARM_UP_REACH = 500;
/** A message costs twice as much as long as what sends it is not compiled: a server that runs has sent thousands. */
const SEND_FIRST_MS = 4_000;
const QUICK_SEND_FIRST_MS = 2_000;
/** How much of a core the pace shall take: far from where queues grow, far from where idling counts. */
const CORE_SHARE = 0.35;
const MAX_EVENTS_PER_SECOND = 12_000;
const MIN_MESSAGES = 6;
/** Bursts of a turn, far enough apart for each to be over when the next one comes. */
const BURSTS = 3;
const BURSTS_PER_SECOND = 1.5;

const hundred = { name: "100 in a room", seats: crowdSeats(crowd100, 100), reach: 100 };
const fiveHundred = { name: "500 in a room", seats: crowdSeats(crowd500, 500), reach: 500 };
const thousand = { name: "1,000 in a room", seats: largestSeats(1_000), reach: 1_000 };
const fiveThousand = { name: "5,000 connections in a room", seats: largestSeats(5_000), reach: 5_000 };
const burst = { ...fiveHundred, name: "20 at once, 500 in a room", burst: 20 };

const scenes: readonly Scene[] = [
  { ...hundred, by: "chatRoomEvents", isQuick: true },
  { ...hundred, by: "chatEvents", isQuick: true },
  { ...hundred, by: "raw" },
  { ...fiveHundred, by: "chatRoomEvents" },
  { ...fiveHundred, by: "chatEvents" },
  { ...fiveHundred, by: "chatEvents by UUID" },
  { ...fiveHundred, by: "raw" },
  { ...thousand, by: "chatRoomEvents" },
  { ...thousand, by: "chatEvents" },
  { ...fiveThousand, by: "chatRoomEvents" },
  { ...fiveThousand, by: "chatEvents" },
  { ...burst, by: "chatRoomEvents", isQuick: true },
  { ...burst, by: "chatEvents" },
  { ...burst, by: "raw" },
  { name: "100 rooms x 10", seats: smallSeats(), reach: 10, by: "chatRoomEvents" },
];
/** The scenes of which each is the one before with more followers. */
const growing = [hundred, fiveHundred, thousand, fiveThousand].map(({ name }) => name);

const nameOf = ({ name, by }: Scene): string => `${name}, ${by}`;

/** What an event costs that many people follow, beside a bare broadcast of the same bytes. */
export async function fanout(bench: Bench): Promise<void> {
  const wanted = scenes.filter((scene) => (scene.isQuick === true || !bench.isQuick) && bench.isWanted(nameOf(scene)));
  // Parley's stay connected from scene to scene, the floor's do not.
  const connected = new Set(wanted.flatMap(({ seats }) => seats.map(({ connection }) => connection)));
  requireOpenFiles(connected.size + Math.max(0, ...wanted.map(({ seats }) => seats.length)));
  await sendFirst(bench);
  const played: { readonly scene: Scene; readonly pairs: readonly Pair[]; readonly pace: Pace }[] = [];
  for (const scene of wanted) played.push({ scene, ...(await play(bench, scene)) });
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
  const rows = played.map(({ scene, pairs, pace }) => describe(scene, pairs, pace));
  bench.report.table("Server CPU per delivered event, beside a bare `ws` broadcast of the same bytes", heads, rows);
  const grown = played.filter(({ scene }) => scene.by === "chatRoomEvents" && growing.includes(scene.name));
  const [first] = grown;
  if (first === undefined || grown.length === 1) return;
  const least = cpuOf(first.pairs, "parley");
  const growth = grown.map(({ scene, pairs }) => {
    const cpu = cpuOf(pairs, "parley");
    return [scene.name, figure(cpu), `${(cpu / least).toFixed(2)} x`];
  });
  bench.report.table("Growth with the followers of a room", ["chatRoomEvents", "us/event", "of the first"], growth);
}

/** Into rooms that one of the writers follows, until sending and showing is as fast as it gets. */
async function sendFirst({ load, isQuick }: Bench): Promise<void> {
  const writers = [FIRST_WRITER, FIRST_WRITER + 1, FIRST_WRITER + 2, FIRST_WRITER + 3];
  await load.call("connect", writers);
  await load.call("follow", "parley", "chatEvents", [{ connection: FIRST_WRITER, room: writtenRooms.first }]);
  const forMs = isQuick ? QUICK_SEND_FIRST_MS : SEND_FIRST_MS;
  await load.call("sendForAWhile", "parley", writers, { rooms: roomsOf(writtenRooms), forMs });
  await load.call("leave", "parley");
}

async function play(bench: Bench, scene: Scene): Promise<{ readonly pairs: readonly Pair[]; readonly pace: Pace }> {
  const { load } = bench;
  const { by, seats } = scene;
  const warmUp = warmUpFor(bench, scene);
  await load.call("follow", "parley", by, seats);
  await turn(bench, "parley", scene, warmUp);
  const pace = paceFor(bench, scene, await turn(bench, "parley", scene, warmUp));
  await load.call("follow", "floor", by, seats);
  await turn(bench, "floor", scene, warmUp);
  const pairs = await inPairs(
    bench.isQuick ? QUICK_PAIRS : PAIRS,
    () => turn(bench, "parley", scene, pace),
    () => turn(bench, "floor", scene, pace),
  );
  await load.call("leave", "parley");
  await load.call("leave", "floor");
  return { pairs, pace };
}

function warmUpFor({ isQuick }: Bench, { reach }: Scene): Pace {
  const pace = isQuick ? QUICK_WARM_UP : WARM_UP;
  const share = Math.min(1, WARM_UP_REACH / reach);
  return { ...pace, messages: Math.ceil(pace.messages * share), perSecond: pace.perSecond * share };
}

/** A pace that both sides can hold, by what an event cost while warming up. */
function paceFor({ isQuick }: Bench, { reach, burst: atOnce = 1 }: Scene, { cpuMicrosPerEvent }: Turn): Pace {
  if (atOnce > 1) return { atOnce, messages: BURSTS * atOnce, perSecond: BURSTS_PER_SECOND * atOnce };
  const eventsPerSecond = Math.min(MAX_EVENTS_PER_SECOND, (CORE_SHARE * 1_000_000) / cpuMicrosPerEvent);
  const perSecond = eventsPerSecond / reach;
  const messages = Math.max(MIN_MESSAGES, Math.ceil(perSecond * (isQuick ? QUICK_SECONDS : SECONDS)));
  return { perSecond, messages, atOnce };
}

function cpuOf(pairs: readonly Pair[], side: Side): number {
  return median(pairs.map((pair) => pair[side].cpuMicrosPerEvent));
}

function describe(scene: Scene, pairs: readonly Pair[], pace: Pace): string[] {
  const middle = (side: Side, of: (turn: Turn) => number): string =>
    figure(median(pairs.map((pair) => of(pair[side]))));
  const p50 = (turned: Turn): number => turned.tally.p50Ms;
  const p99 = (turned: Turn): number => turned.tally.p99Ms;
  return [
    nameOf(scene),
    figure(cpuOf(pairs, "parley")),
    figure(cpuOf(pairs, "floor")),
    spread(pairs.map(({ parley, floor }) => parley.cpuMicrosPerEvent / floor.cpuMicrosPerEvent)),
    middle("parley", p50),
    middle("floor", p50),
    middle("parley", p99),
    middle("floor", p99),
    figure(pace.perSecond),
    pairs.reduce((sum, { parley }) => sum + parley.tally.delivered, 0).toLocaleString("en"),
  ];
}

/** One run of messages on one side; a lost or doubled delivery fails everything. */
async function turn(bench: Bench, side: Side, scene: Scene, pace: Pace): Promise<Turn> {
  const what = nameOf(scene);
  const measured = side === "parley" ? bench.server : bench.floor;
  const spent = await spend(bench, measured, what, () => bench.load.call("broadcast", { side, ...pace }));
  reportFaults(bench, `${what}, ${side}`, spent.result);
  return { cpuMicrosPerEvent: spent.cpuMicros / spent.result.delivered, tally: spent.result };
}

/** A lost, doubled or disordered delivery fails the run. */
export function reportFaults({ report }: Bench, what: string, tally: Tally): void {
  const { lost, doubled, disordered, expected } = tally;
  if (lost + doubled + disordered === 0) return;
  const faults = `${lost} were lost, ${doubled} came twice, and ${disordered} in another order than elsewhere`;
  report.fault(`${what}: of ${expected} deliveries ${faults}.`);
}
