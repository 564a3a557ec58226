import { inPairs, spend, type Bench, type Spent } from "./bench.js";
import { HISTORY, ROOMS } from "./documents.js";
import type { Question, Served } from "./load.requests.js";
import { historyRoom, LIST_VIEWER, listedRooms } from "./plan.js";
import { figure, median, spread } from "./report.js";

const PAIRS = 7;
const QUICK_PAIRS = 3;
const TURN_MS = 2_000;
const QUICK_TURN_MS = 600;
/** Some hundred requests, until the code has been compiled. */
const WARM_UP_MS = 5_000;
const QUICK_WARM_UP_MS = 500;
const AT_ONCE = 4;

/** Of the server's CPU time, of PostgreSQL's, and the ratio of both together. */
const HEADS = ["us/request", "floor", "ratio", "database", "floor", "both", "statements", "KB", "requests"];

/** What a page of 50 messages costs, by GraphQL and by REST, beside two plain prepared statements and JSON. */
export async function history(bench: Bench): Promise<void> {
  const pages = { "50 messages": await historyQuestion(bench), "50 messages, REST": await restQuestion(bench) };
  const floor: Question = { url: `${bench.urls.floor}/history/${historyRoom.first}` };
  const title = "Server CPU for a page of 50 messages with authors and reactions, over HTTP";
  const rows: string[][] = [];
  for (const [name, page] of Object.entries(pages)) {
    rows.push([name, ...(bench.hasPostgres ? await compare(bench, [page], [floor]) : await alone(bench, page))]);
  }
  if (bench.hasPostgres) bench.report.table(`${title}, beside two prepared statements`, ["history", ...HEADS], rows);
  else bench.report.table(title, ["history", "us/request", "statements"], rows);
}

/** On the embedded database there is nothing beside it. */
async function alone(bench: Bench, page: Question): Promise<readonly string[]> {
  const turns: Turn[] = [];
  for (let turn = 0; turn < QUICK_PAIRS; turn += 1) turns.push(await serve(bench, bench.server, [page]));
  return [median(turns.map(cpuOf)), median(turns.map(statementsOf))].map(figure);
}

/** What the list of 200 rooms costs, in its two pages, beside a page of history over the same server. */
export async function rooms(bench: Bench): Promise<void> {
  const url = `${bench.urls.parley}/graphql`;
  const token = await bench.token(LIST_VIEWER);
  const first: Question = { url, token, body: { query: ROOMS, variables: {} } };
  const { count, endCursor } = parseRoomPage(await bench.load.call("ask", first));
  const second: Question = { url, token, body: { query: ROOMS, variables: { after: endCursor } } };
  const rest = parseRoomPage(await bench.load.call("ask", second));
  if (count + rest.count !== listedRooms.count) bench.report.fault(`The room list has ${count + rest.count} rooms.`);
  const row = await compare(bench, [first, second], [await historyQuestion(bench)]);
  const heads = HEADS.map((head) => (head === "floor" ? "history page" : head)).with(0, "us/list");
  bench.report.table(
    "Server CPU for the list of 200 rooms x 10, in two pages",
    ["room list", ...heads],
    [["200 rooms", ...row]],
  );
}

async function historyQuestion(bench: Bench): Promise<Question> {
  const url = `${bench.urls.parley}/graphql`;
  const body = { query: HISTORY, variables: { roomId: String(historyRoom.first) } };
  const page: Question = { url, token: await bench.token(1), body };
  const messages = parseHistory(await bench.load.call("ask", page));
  if (messages !== 50) bench.report.fault(`A page of history has ${messages} messages.`);
  return page;
}

async function restQuestion(bench: Bench): Promise<Question> {
  const url = `${bench.urls.parley}/api/chat/messages/?room=${historyRoom.first}&limit=50`;
  const page: Question = { url, token: await bench.token(1) };
  const messages = await bench.load.call("ask", page);
  if (!Array.isArray(messages) || messages.length !== 50) bench.report.fault("A page by REST has not 50 messages.");
  return page;
}

/** Two kinds of work by turns: the first on Parley, the second on the floor, or on Parley too. */
async function compare(
  bench: Bench,
  work: readonly Question[],
  beside: readonly Question[],
): Promise<readonly string[]> {
  const measured = beside[0]?.url.startsWith(bench.urls.floor) === true ? bench.floor : bench.server;
  await warmUp(bench, [...work, ...beside]);
  const pairs = await inPairs(
    bench.isQuick ? QUICK_PAIRS : PAIRS,
    () => serve(bench, bench.server, work),
    () => serve(bench, measured, beside),
  );
  const ratio = spread(pairs.map(({ parley, floor }) => cpuOf(parley) / cpuOf(floor)));
  const parley = pairs.map((pair) => pair.parley);
  const bytes = parley[0]?.bytes ?? 0;
  const database = pairs.map((pair) => [databaseOf(pair.parley), databaseOf(pair.floor)] as const);
  const isSeen = database.every((sides) => sides.every((micros) => micros !== undefined));
  const both = pairs.map(({ parley, floor }) => bothOf(parley) / bothOf(floor));
  const requests = parley.reduce((sum, { count }) => sum + count * work.length, 0);
  return [
    figure(median(parley.map(cpuOf))),
    figure(median(pairs.map((pair) => cpuOf(pair.floor)))),
    ratio,
    ...[0, 1].map((side) => (isSeen ? figure(median(database.map((sides) => sides[side] ?? 0))) : "-")),
    isSeen ? spread(both) : "-",
    figure(median(parley.map(statementsOf))),
    figure(bytes / 1_024),
    requests.toLocaleString("en"),
  ];
}

async function warmUp(bench: Bench, questions: readonly Question[]): Promise<void> {
  const forMs = bench.isQuick ? QUICK_WARM_UP_MS : WARM_UP_MS;
  for (const question of questions) await bench.load.call("askForAWhile", question, AT_ONCE, forMs);
}

/** One turn: each question for a part of the time; `count` is how often all of them were asked. */
interface Turn {
  readonly parts: readonly Spent<Served>[];
  readonly count: number;
  readonly bytes: number;
}

async function serve(
  bench: Bench,
  measured: Bench["server"] | Bench["floor"],
  questions: readonly Question[],
): Promise<Turn> {
  const forMs = (bench.isQuick ? QUICK_TURN_MS : TURN_MS) / questions.length;
  const parts: Spent<Served>[] = [];
  for (const question of questions) {
    const what = question.url;
    parts.push(await spend(bench, measured, what, () => bench.load.call("askForAWhile", question, AT_ONCE, forMs)));
  }
  const count = Math.min(...parts.map(({ result }) => result.count));
  return { parts, count, bytes: parts.reduce((sum, { result }) => sum + result.bytes, 0) };
}

const cpuOf = ({ parts }: Turn): number => parts.reduce((sum, part) => sum + part.cpuMicros / part.result.count, 0);
/** PostgreSQL's; undefined where it can't be seen. */
const databaseOf = ({ parts }: Turn): number | undefined =>
  parts.reduce<number | undefined>(
    (sum, { databaseMicros, result }) =>
      sum === undefined || databaseMicros === undefined ? undefined : sum + databaseMicros / result.count,
    0,
  );
const bothOf = (turn: Turn): number => cpuOf(turn) + (databaseOf(turn) ?? 0);
const statementsOf = ({ parts }: Turn): number =>
  parts.reduce((sum, part) => sum + part.statements / part.result.count, 0);

function parseRoomPage(answer: unknown): { count: number; endCursor: string } {
  const { data } = answer as { data: { chatRooms: { edges: unknown[]; pageInfo: { endCursor: string } } } };
  return { count: data.chatRooms.edges.length, endCursor: data.chatRooms.pageInfo.endCursor };
}

function parseHistory(answer: unknown): number {
  const { data } = answer as { data: { chatRoom: { messages: { edges: unknown[] } } } };
  return data.chatRoom.messages.edges.length;
}
