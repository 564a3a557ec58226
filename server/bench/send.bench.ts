import { inPairs, spend, type Bench } from "./bench.js";
import type { Side } from "./load.process.js";
import type { Sent } from "./load.sends.js";
import { FIRST_WRITER, roomsOf, writtenRooms, WRITERS } from "./plan.js";
import { figure, median, spread } from "./report.js";

const PAIRS = 7;
const QUICK_PAIRS = 3;
const TURN_MS = 1_500;
const QUICK_TURN_MS = 300;
const WARM_UP_MS = 1_000;
const QUICK_WARM_UP_MS = 300;
/** Rooms asked about in one document: as many root fields as an operation may have. */
const ROOMS_AT_ONCE = 10;

interface Scene {
  readonly name: string;
  readonly writers: readonly number[];
  readonly rooms: readonly number[];
}

interface Turn {
  readonly cpuMicrosPerSend: number;
  readonly statementsPerSend: number;
  readonly sent: Sent;
}

interface Pair {
  readonly parley: Turn;
  readonly floor: Turn | undefined;
}

/** What one message costs that nobody follows: parse, authorise, append, publish. Beside one prepared insert. */
export async function send(bench: Bench): Promise<void> {
  const writers = Array.from({ length: WRITERS }, (_, index) => FIRST_WRITER + index);
  await bench.load.call("connect", writers);
  const all = roomsOf(writtenRooms);
  const scenes: readonly Scene[] = [
    { name: "1 room, 1 at once", writers: writers.slice(0, 1), rooms: all.slice(0, 1) },
    { name: "1 room, 16 at once", writers, rooms: all.slice(0, 1) },
    { name: "100 rooms, 1 at once", writers: writers.slice(0, 1), rooms: all },
    { name: "100 rooms, 16 at once", writers, rooms: all },
  ];
  const rows: string[][] = [];
  for (const scene of scenes) rows.push(describe(scene, await play(bench, scene)));
  const heads = ["sends", "us/send", "floor", "ratio", "sends/s", "floor", "p50 ms", "p99 ms", "statements"];
  const title = "Server CPU per message sent over graphql-ws, nobody following, beside one prepared insert over `ws`";
  bench.report.table(title, heads, rows);
}

async function play(bench: Bench, scene: Scene): Promise<readonly Pair[]> {
  const sides: readonly Side[] = bench.hasPostgres ? ["parley", "floor"] : ["parley"];
  const { writers, rooms } = scene;
  const forMs = bench.isQuick ? QUICK_WARM_UP_MS : WARM_UP_MS;
  for (const side of sides) await bench.load.call("sendForAWhile", side, writers, { rooms, forMs });
  const before = await headsOf(bench, rooms);
  const pairs = await inPairs<Turn | undefined>(
    bench.isQuick ? QUICK_PAIRS : PAIRS,
    () => turn(bench, "parley", scene),
    async () => (bench.hasPostgres ? turn(bench, "floor", scene) : undefined),
  );
  const counted = pairs.flatMap(({ parley, floor }) => (parley === undefined ? [] : [{ parley, floor }]));
  const acknowledged = counted.reduce((sum, { parley }) => sum + parley.sent.count, 0);
  const stored = (await headsOf(bench, rooms)) - before;
  if (stored !== acknowledged) {
    bench.report.fault(`${scene.name}: ${acknowledged} sends were answered, and ${stored} are stored.`);
  }
  return counted;
}

async function turn(bench: Bench, side: Side, { name, writers, rooms }: Scene): Promise<Turn> {
  const forMs = bench.isQuick ? QUICK_TURN_MS : TURN_MS;
  const measured = side === "parley" ? bench.server : bench.floor;
  const run = (): Promise<Sent> => bench.load.call("sendForAWhile", side, writers, { rooms, forMs });
  const { result, cpuMicros, statements } = await spend(bench, measured, name, run);
  return { cpuMicrosPerSend: cpuMicros / result.count, statementsPerSend: statements / result.count, sent: result };
}

function describe({ name }: Scene, pairs: readonly Pair[]): string[] {
  const parley = (of: (turn: Turn) => number): string => figure(median(pairs.map((pair) => of(pair.parley))));
  const floors = pairs.flatMap((pair) =>
    pair.floor === undefined ? [] : [{ parley: pair.parley, floor: pair.floor }],
  );
  const floor = (of: (turn: Turn) => number): string =>
    floors.length === 0 ? "-" : figure(median(floors.map((pair) => of(pair.floor))));
  const cpu = (turned: Turn): number => turned.cpuMicrosPerSend;
  const rate = ({ sent }: Turn): number => (sent.count * 1_000) / sent.tookMs;
  return [
    name,
    parley(cpu),
    floor(cpu),
    floors.length === 0 ? "-" : spread(floors.map((pair) => cpu(pair.parley) / cpu(pair.floor))),
    parley(rate),
    floor(rate),
    parley(({ sent }) => sent.p50Ms),
    parley(({ sent }) => sent.p99Ms),
    parley(({ statementsPerSend }) => statementsPerSend),
  ];
}

/** How many events all these rooms have had. */
async function headsOf(bench: Bench, rooms: readonly number[]): Promise<number> {
  const token = await bench.token(FIRST_WRITER);
  const url = `${bench.urls.parley}/graphql`;
  let sum = 0;
  for (let at = 0; at < rooms.length; at += ROOMS_AT_ONCE) {
    const fields = rooms.slice(at, at + ROOMS_AT_ONCE).map((room) => `r${room}: chatRoom(id: ${room}) { headSeq }`);
    const body = { query: `{ ${fields.join(" ")} }`, variables: {} };
    for (const head of parseHeads(await bench.load.call("ask", { url, token, body }))) sum += head;
  }
  return sum;
}

function parseHeads(answer: unknown): readonly number[] {
  const { data } = answer as { data: Record<string, { headSeq: number }> };
  return Object.values(data).map(({ headSeq }) => headSeq);
}
