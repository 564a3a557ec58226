import { setTimeout as pause } from "node:timers/promises";
import { crowd100, crowdSeats, FIRST_WRITER, roomsOf, smallSeats, writtenRooms, WRITERS, type Seat } from "./plan.js";
import { figure, median, spread, type Report } from "./report.js";
import { columnOf, inRounds } from "./rounds.js";
import { measureTopics } from "./topics.js";
import { share, startSetup, sum, type Setup, type Shares } from "./setup.js";

const ROUNDS = 7;
const QUICK_ROUNDS = 3;
const SECONDS = 2;
const QUICK_SECONDS = 0.8;
const IDLE_MS = 30_000;
const QUICK_IDLE_MS = 5_000;
/** Until it has been told to everybody who came. */
const SETTLE_MS = 3_000;
const SENDS_MS = 1_500;
const QUICK_SENDS_MS = 300;
/** Who comes first pays for what is compiled then. */
const FIRST_COMERS = 200;
/** Counted as in production, and never met. */
const env = { RATE_LIMIT_SENDS: "1000000/1s" };

interface NodesBench {
  readonly report: Report;
  readonly isQuick: boolean;
}

/** What takes turns: the first one is what the others are compared with. */
interface Side {
  readonly name: string;
  readonly setup: Setup;
}

/** What was spent on so many deliveries or sends. */
interface Turn extends Shares {
  readonly messages: number;
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Scene {
  readonly name: string;
  readonly seats: readonly Seat[];
  readonly perSecond: number;
}

const scenes: readonly Scene[] = [
  { name: "100 rooms x 10", seats: mixed(smallSeats()), perSecond: 100 },
  { name: "100 in a room", seats: crowdSeats(crowd100, 100), perSecond: 40 },
];

/** Two nodes behind a balancer, with Redis between them, beside one with Redis and one without: who pays what for an event. */
export async function nodes({ report, isQuick }: NodesBench): Promise<void> {
  const sides: Side[] = [];
  try {
    sides.push({ name: "1 node, no Redis", setup: await startSetup({ nodes: 1, hasRedis: false, env }) });
    sides.push({ name: "1 node, Redis", setup: await startSetup({ nodes: 1, hasRedis: true, env }) });
    sides.push({ name: "2 nodes, Redis", setup: await startSetup({ nodes: 2, hasRedis: true, env }) });
    report.note("nodes: a PostgreSQL and a Redis of their own for each setup; limits are counted, and none is met.");
    const [small] = scenes;
    report.progress("nodes: people come, and then nothing happens");
    if (small !== undefined) await come(report, sides, small.seats);
    await idle(report, sides, isQuick);
    for (const scene of scenes) await fanOut(report, sides, scene, isQuick);
    await sends(report, sides, isQuick);
    await measureTopics(report);
  } finally {
    for (const { setup } of sides) await setup.end();
  }
}

/** In each room somebody else comes last, and sends: so that both nodes have rooms to send into. */
function mixed(seats: readonly Seat[]): readonly Seat[] {
  const turned = ({ connection, room }: Seat): number => (connection + room) % 2;
  return seats.toSorted((one, other) => one.room - other.room || turned(one) - turned(other));
}

/** What one person costs who connects and follows a room. */
async function come(report: Report, sides: readonly Side[], seats: readonly Seat[]): Promise<void> {
  const rows: string[][] = [];
  for (const { name, setup } of sides) {
    const turns = seats.toSorted((one, other) => one.connection - other.connection);
    const join = (joining: readonly Seat[]): Promise<void> => setup.load.call("join", "chatRoomEvents", joining);
    await join(turns.slice(0, FIRST_COMERS));
    const later = turns.slice(FIRST_COMERS);
    const spent = await share(setup, () => join(later));
    rows.push([name, ...parts(spent, later.length), figure(spent.statements / later.length)]);
  }
  const heads = ["us a person", ...PARTS, "statements"];
  report.table(
    `${seats.length - FIRST_COMERS} people connect and follow a room of 10 after ${FIRST_COMERS} others: what one of them costs`,
    heads,
    rows,
  );
}

/** What those cost to whom nothing happens. */
async function idle(report: Report, sides: readonly Side[], isQuick: boolean): Promise<void> {
  const forMs = isQuick ? QUICK_IDLE_MS : IDLE_MS;
  await pause(SETTLE_MS);
  const spent = await Promise.all(sides.map(({ setup }) => share(setup, () => pause(forMs))));
  const rows = sides.map(({ name }, index) => {
    const own = spent[index];
    return own === undefined ? [] : [name, ...parts(own, forMs / 1_000), figure(own.statements / (forMs / 1_000))];
  });
  const heads = ["us a second", ...PARTS, "statements/s"];
  report.table("The same people in 100 rooms, nothing happening: CPU a second of everything together", heads, rows);
}

async function fanOut(report: Report, sides: readonly Side[], scene: Scene, isQuick: boolean): Promise<void> {
  const { seats, perSecond } = scene;
  report.progress(`nodes: ${scene.name}`);
  for (const { setup } of sides) {
    const users = seats.map(({ connection }) => connection);
    await setup.load.call("connect", users);
    await setup.load.call("follow", "parley", "chatRoomEvents", seats);
  }
  const messages = Math.ceil(perSecond * (isQuick ? QUICK_SECONDS : SECONDS));
  const run = async ({ name, setup }: Side): Promise<Turn> => {
    const spent = await share(setup, () =>
      setup.load.call("broadcast", { side: "parley", messages, perSecond, atOnce: 1 }),
    );
    const { expected, delivered, lost, doubled, disordered, p50Ms, p99Ms } = spent.result;
    if (lost + doubled + disordered > 0)
      report.fault(
        `${scene.name}, ${name}: of ${expected} deliveries ${lost} were lost, ${doubled} came twice, and ${disordered} in another order than elsewhere.`,
      );
    return { ...spent, messages, count: delivered, p50Ms, p99Ms };
  };
  await inRounds(
    2,
    sides.map((side) => () => run(side)),
  );
  const rounds = await inRounds(
    isQuick ? QUICK_ROUNDS : ROUNDS,
    sides.map((side) => () => run(side)),
  );
  for (const { setup } of sides) await setup.load.call("leave", "parley");
  report.table(
    `${scene.name}, ${perSecond} messages a second, by \`chatRoomEvents\`: CPU for each delivery`,
    ["us/event", ...HEADS, "deliveries"],
    describe(sides, rounds),
  );
}

/** Messages that nobody follows: what appending, publishing and counting cost. */
async function sends(report: Report, sides: readonly Side[], isQuick: boolean): Promise<void> {
  report.progress("nodes: sends");
  const writers = Array.from({ length: WRITERS }, (_, index) => FIRST_WRITER + index);
  for (const { setup } of sides) await setup.load.call("connect", writers);
  const sending = { rooms: roomsOf(writtenRooms), forMs: isQuick ? QUICK_SENDS_MS : SENDS_MS };
  const run = async ({ setup }: Side): Promise<Turn> => {
    const spent = await share(setup, () => setup.load.call("sendForAWhile", "parley", writers, sending));
    const { count, p50Ms, p99Ms } = spent.result;
    return { ...spent, messages: count, count, p50Ms, p99Ms };
  };
  await inRounds(
    1,
    sides.map((side) => () => run(side)),
  );
  const rounds = await inRounds(
    isQuick ? QUICK_ROUNDS : ROUNDS,
    sides.map((side) => () => run(side)),
  );
  report.table(
    "16 people send into 100 rooms that nobody follows: CPU for each send",
    ["us/send", ...HEADS, "sends"],
    describe(sides, rounds),
  );
}

const PARTS = ["nodes", "node 1", "node 2", "balancer", "Redis", "database"];
const HEADS = [
  "nodes",
  "ratio",
  "node 1",
  "node 2",
  "balancer",
  "Redis us/message",
  "database us/message",
  "p50 ms",
  "p99 ms",
];

/** {@link PARTS} of something that was done so many times. */
function parts({ nodes: each, balancer, redis, database }: Shares, count: number): readonly string[] {
  const [first = 0, second] = each;
  const of = (micros: number | undefined): string => (micros === undefined ? "-" : figure(micros / count));
  return [of(sum(each)), of(first), of(second), of(balancer), of(redis), of(database)];
}

/** {@link HEADS} and the count, each beside the first side. */
function describe(sides: readonly Side[], rounds: readonly (readonly Turn[])[]): readonly (readonly string[])[] {
  const total = (turn: Turn): number => sum(turn.nodes) / turn.count;
  return sides.map(({ name }, index) => {
    const own = columnOf(rounds, index);
    const beside = columnOf(rounds, 0);
    const middle = (of: (turn: Turn) => number | undefined): string => {
      const values = own.map(of).filter((value) => value !== undefined);
      return values.length === 0 ? "-" : figure(median(values));
    };
    return [
      name,
      middle(total),
      index === 0 ? "" : spread(own.map((turn, round) => total(turn) / total(beside[round] ?? turn))),
      middle((turn) => (turn.nodes[0] ?? 0) / turn.count),
      middle((turn) => (turn.nodes[1] !== undefined ? turn.nodes[1] / turn.count : undefined)),
      middle((turn) => turn.balancer / turn.count),
      middle((turn) => turn.redis / turn.messages),
      middle((turn) => (turn.database !== undefined ? turn.database / turn.messages : undefined)),
      middle(({ p50Ms }) => p50Ms),
      middle(({ p99Ms }) => p99Ms),
      sum(own.map(({ count }) => count)).toLocaleString("en"),
    ];
  });
}
