import { HISTORY, ROOMS } from "./documents.js";
import { grownOf, type Grown, type Size } from "./growth.seed.js";
import type { Question } from "./load.requests.js";
import { measureLooks } from "./looks.js";
import { FIRST_WRITER } from "./plan.js";
import { figure, median, spread, type Report } from "./report.js";
import { columnOf, inRounds } from "./rounds.js";
import { measureStorage } from "./storage.js";
import { share, startSetup, sum, type Setup, type Shares } from "./setup.js";

const ROUNDS = 11;
const QUICK_ROUNDS = 3;
/** Few, so that a room of a hundred messages still has about as many afterwards. */
const SENDS = 150;
const ASK_MS = 250;
/** Longer than a turn of {@link SENDS} ever takes. */
const SENDS_WITHIN_MS = 60_000;
const WARM_UP_MS = 8_000;
const QUICK_WARM_UP_MS = 1_000;
const LARGE = [100, 1_000, 10_000, 100_000, 1_000_000];
const QUICK_LARGE = [100, 1_000, 10_000];

export interface GrowthBench {
  readonly report: Report;
  readonly isQuick: boolean;
}

/** A size of history on one of the two servers. */
interface Place {
  readonly name: string;
  readonly setup: Setup;
  readonly grown: Grown;
}

interface Turn extends Shares {
  readonly count: number;
  readonly ms: number;
}

/**
 * What a send, the newest page and the room list cost in rooms with much behind them, beside a room of a hundred messages
 * in a database that has nothing else: two servers, and turns on all sizes.
 */
export async function growth({ report, isQuick }: GrowthBench): Promise<void> {
  const rounds = isQuick ? QUICK_ROUNDS : ROUNDS;
  // One to read, a fresh one for each round to write into, and the last one to warm up in.
  const sizeOf = (messages: number): Size => ({ messages, rooms: messages > 1_000 ? 1 : rounds + 2 });
  const [small, large] = await Promise.all([
    startSetup({ nodes: 1, hasRedis: false }),
    startSetup({ nodes: 1, hasRedis: false }),
  ]);
  try {
    report.progress("growth: fills the rooms");
    const bare = await placesOn(small, [sizeOf(100)], () => "100, alone in its database");
    const sizes = (isQuick ? QUICK_LARGE : LARGE).map(sizeOf);
    const grown = await placesOn(large, sizes, (messages) => messages.toLocaleString("en"));
    const places = [...bare, ...grown];
    if (large.databaseUrl !== null) await measureStorage(large.databaseUrl, report);
    for (const place of places) await checkUnread(report, place);
    await warmUp(places, isQuick);
    for (const [title, run] of measures) {
      report.progress(`growth: ${title}`);
      report.table(title, ["history", ...HEADS], await compare(places, rounds, run));
    }
    report.progress("growth: looks into the log");
    if (small.databaseUrl !== null) await measureLooks(small.databaseUrl, report, isQuick);
  } finally {
    await Promise.all([small.end(), large.end()]);
  }
}

type Run = (place: Place, round: number) => Promise<Turn>;

const measures: readonly (readonly [title: string, run: Run])[] = [
  ["A message sent into a room with a history, nobody following", send],
  ["The newest page of 50", async (place) => ask(place, await historyQuestion(place))],
  ["The list of 20 rooms, read to the last page", async (place) => ask(place, await listQuestion(place, "reader"))],
  ["The list of 20 rooms, nothing ever read", async (place) => ask(place, await listQuestion(place, "stranger"))],
];
const HEADS = ["server us", "ratio", "database us", "ratio", "p50 ms", "statements", "count"];

async function placesOn(
  setup: Setup,
  sizes: readonly Size[],
  nameOf: (messages: number) => string,
): Promise<readonly Place[]> {
  await setup.nodes[0].call("seedGrowth", sizes);
  return grownOf(sizes).map((grown) => ({ name: nameOf(grown.messages), setup, grown }));
}

/** Each place beside the first one. */
async function compare(places: readonly Place[], rounds: number, run: Run): Promise<readonly (readonly string[])[]> {
  const turns = places.map(() => 0);
  const results = await inRounds(
    rounds,
    places.map((place, index) => () => run(place, (turns[index] = (turns[index] ?? 0) + 1))),
  );
  const beside = columnOf(results, 0);
  return places.map(({ name }, index) => {
    const own = columnOf(results, index);
    const ratio = (of: (turn: Turn) => number): string =>
      index === 0 ? "" : spread(own.map((turn, round) => of(turn) / of(beside[round] ?? turn)));
    const sees = own.every(({ database }) => database !== undefined);
    const server = (turn: Turn): number => sum(turn.nodes) / turn.count;
    const database = (turn: Turn): number => (turn.database ?? 0) / turn.count;
    return [
      name,
      figure(median(own.map(server))),
      ratio(server),
      sees ? figure(median(own.map(database))) : "-",
      sees ? ratio(database) : "-",
      figure(median(own.map(({ ms }) => ms))),
      figure(median(own.map((turn) => turn.statements / turn.count))),
      sum(own.map(({ count }) => count)).toLocaleString("en"),
    ];
  });
}

/** Both servers alike, however many sizes there are on each: what has been asked for more often is compiled better. */
async function warmUp(places: readonly Place[], isQuick: boolean): Promise<void> {
  const forMs = isQuick ? QUICK_WARM_UP_MS : WARM_UP_MS;
  for (const { setup, grown } of places) {
    const others = places.filter((place) => place.setup === setup).length;
    await setup.load.call("connect", [FIRST_WRITER]);
    const sending = { rooms: [grown.firstRoom + grown.rooms - 1], forMs: forMs / others };
    await setup.load.call("sendForAWhile", "parley", [FIRST_WRITER], sending);
    const place = { name: "", setup, grown };
    for (const question of [await historyQuestion(place), await listQuestion(place, "reader")])
      await setup.load.call("askForAWhile", question, 1, forMs / others);
  }
}

/** Into a room that nobody wrote into before, as far as there are some. */
async function send({ setup, grown }: Place, round: number): Promise<Turn> {
  const rooms = [grown.firstRoom + (round % grown.rooms)];
  const sending = { rooms, forMs: SENDS_WITHIN_MS, most: SENDS };
  const spent = await share(setup, () => setup.load.call("sendForAWhile", "parley", [FIRST_WRITER], sending));
  return { ...spent, count: spent.result.count, ms: spent.result.p50Ms };
}

async function ask({ setup }: Place, question: Question): Promise<Turn> {
  const spent = await share(setup, () => setup.load.call("askForAWhile", question, 1, ASK_MS));
  return { ...spent, count: spent.result.count, ms: spent.result.tookMs / spent.result.count };
}

async function historyQuestion({ setup, grown }: Place): Promise<Question> {
  const body = { query: HISTORY, variables: { roomId: String(grown.firstRoom) } };
  return { url: `${setup.url}/graphql`, token: await setup.token(grown.reader), body };
}

async function listQuestion({ setup, grown }: Place, whose: "reader" | "stranger"): Promise<Question> {
  return { url: `${setup.url}/graphql`, token: await setup.token(grown[whose]), body: { query: ROOMS, variables: {} } };
}

/** What is unread is exact, whatever there is to be counted. */
async function checkUnread(report: Report, place: Place): Promise<void> {
  for (const whose of ["reader", "stranger"] as const) {
    const rooms = parseRooms(await place.setup.load.call("ask", await listQuestion(place, whose)));
    const unread = rooms.find(({ id }) => id === String(place.grown.firstRoom))?.unreadCount;
    if (unread !== place.grown.unread[whose])
      report.fault(`${place.name}: ${unread} of ${place.grown.unread[whose]} messages are unread for the ${whose}.`);
  }
}

function parseRooms(answer: unknown): readonly { readonly id: string; readonly unreadCount: number }[] {
  const { data } = answer as { data: { chatRooms: { edges: { node: { id: string; unreadCount: number } }[] } } };
  return data.chatRooms.edges.map(({ node }) => node);
}
