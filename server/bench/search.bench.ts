import { cpus, loadavg } from "node:os";
import { spend, type Bench } from "./bench.js";
import { SEARCH } from "./documents.js";
import type { Question } from "./load.requests.js";
import { fileWords, searched, SEARCHER, searchedRooms } from "./plan.js";
import { figure, quantile } from "./report.js";

const MESSAGES = 1_000_000;
const QUICK_MESSAGES = 50_000;
const REQUESTS = 200;
const QUICK_REQUESTS = 40;
const PAGE = 20;

/** How long one waits for a page of what was found, and what it costs, in rooms with a million messages. */
export async function search(bench: Bench): Promise<void> {
  const messages = bench.isQuick ? QUICK_MESSAGES : MESSAGES;
  bench.report.progress(`search: makes ${messages.toLocaleString("en")} messages`);
  await bench.server.call("seedSearch", messages);
  const [load = 0] = loadavg();
  bench.report.note(`search: the load was ${load.toFixed(1)} on ${cpus().length} processors when it began to ask.`);
  const rows: (readonly string[])[] = [];
  for (const kind of kinds) rows.push(await measure(bench, kind));
  const heads = ["search", "p50 ms", "p95 ms", "at most", "rows", "us/request", "statements", "requests"];
  bench.report.table(`A page of ${PAGE} out of ${messages.toLocaleString("en")} messages, by GraphQL`, heads, rows);
}

interface Kind {
  readonly what: string;
  readonly queries: readonly string[];
  /** Only in the first of the rooms. */
  readonly isInRoom?: true;
  /** How many are found on the page, if not as many as it has room for. */
  readonly rows?: number;
  /** A common word may take its time. */
  readonly isCommon?: true;
}

/** What may take longer than this in one of twenty requests fails the run on PostgreSQL. */
const P95_MS = 200;
const COMMON_P95_MS = 1_000;

const [rare, common, pair, commonPair] = searched;
const kinds: readonly Kind[] = [
  { what: "a word in 1 %", queries: rare.words },
  {
    what: "two of them",
    queries: rare.words.map((word, index) => `${word} ${common.words[index % 2]}`),
    isCommon: true,
  },
  { what: "a part of a word in 1 %", queries: rare.words.map((word) => word.slice(1, -1)) },
  { what: "a word that is nowhere", queries: rare.words.map((word) => `${word}qq`), rows: 0 },
  { what: "a Japanese pair in 1 %", queries: pair.words },
  { what: "a Japanese character in 1 %", queries: pair.words.map((word) => word.slice(0, 1)) },
  { what: "a word in 10 %", queries: common.words, isCommon: true },
  { what: "a part of a word in 10 %", queries: common.words.map((word) => word.slice(1, -1)), isCommon: true },
  { what: "a Japanese pair in 10 %", queries: commonPair.words, isCommon: true },
  { what: "a word in 10 %, in one room", queries: common.words, isInRoom: true, isCommon: true },
  {
    what: "a word in 10 %, of the first days",
    queries: common.words.map((word) => `${word} before:2025-01-03`),
    isCommon: true,
  },
  { what: "a word in the name of a file", queries: fileWords.words },
  { what: "a part of a file's name", queries: fileWords.words.map((word) => word.slice(1, -1)) },
  { what: "has:link", queries: ["has:link"] },
  { what: "has:file", queries: ["has:file"] },
  { what: "from: and before:", queries: ["from:user1 before:2025-02-01", "from:user2 before:2025-01-10"] },
  { what: "from: and has:link", queries: ["from:user1 has:link", "from:user2 has:link"] },
  { what: "before: alone", queries: ["before:2025-01-05"] },
  { what: "from: one who wrote nothing", queries: ["from:me"], rows: 0 },
];

async function measure(
  bench: Bench,
  { what, queries, isInRoom, isCommon, rows = PAGE }: Kind,
): Promise<readonly string[]> {
  bench.report.progress(`search: ${what}`);
  const token = await bench.token(SEARCHER);
  const roomId = isInRoom === true ? String(searchedRooms.first) : null;
  const questions = queries.map((query): Question => ({
    url: `${bench.urls.parley}/graphql`,
    token,
    body: { query: SEARCH, variables: { query, roomId, first: PAGE } },
  }));
  for (const question of questions) {
    const found = parseFound(await bench.load.call("ask", question));
    if (found !== rows) bench.report.fault(`Searching for ${what} found ${found} of ${rows} messages.`);
  }
  const requests = bench.isQuick ? QUICK_REQUESTS : REQUESTS;
  const { result, cpuMicros, statements } = await spend(bench, bench.server, what, () =>
    bench.load.call("askInTurn", questions, requests),
  );
  const sorted = result.toSorted((left, right) => left - right);
  const p95Ms = quantile(sorted, 0.95);
  const mostMs = isCommon === true ? COMMON_P95_MS : P95_MS;
  if (bench.hasPostgres && p95Ms > mostMs)
    bench.report.fault(`Searching for ${what} took ${figure(p95Ms)} ms at p95: more than ${figure(mostMs)}.`);
  return [
    what,
    figure(quantile(sorted, 0.5)),
    figure(p95Ms),
    figure(mostMs),
    String(rows),
    figure(cpuMicros / requests),
    figure(statements / requests),
    requests.toLocaleString("en"),
  ];
}

function parseFound(answer: unknown): number {
  const { data } = answer as { data: { searchChatMessages: { edges: unknown[] } } };
  return data.searchChatMessages.edges.length;
}
