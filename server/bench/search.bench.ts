import { spend, type Bench } from "./bench.js";
import { SEARCH } from "./documents.js";
import type { Question } from "./load.requests.js";
import { searched, SEARCHER, searchedRooms } from "./plan.js";
import { figure, quantile } from "./report.js";

const MESSAGES = 1_000_000;
const QUICK_MESSAGES = 50_000;
const REQUESTS = 200;
const QUICK_REQUESTS = 40;
const PAGE = 20;

/** How long one waits for a page of what was found, and what it costs, in rooms with a million messages. */
export async function search(bench: Bench): Promise<void> {
  const messages = bench.isQuick ? QUICK_MESSAGES : MESSAGES;
  await bench.server.call("seedSearch", messages);
  const rows: (readonly string[])[] = [];
  for (const kind of kinds) rows.push(await measure(bench, kind));
  const heads = ["search", "p50 ms", "p95 ms", "us/request", "statements", "requests"];
  bench.report.table(`A page of ${PAGE} out of ${messages.toLocaleString("en")} messages, by GraphQL`, heads, rows);
}

interface Kind {
  readonly what: string;
  readonly queries: readonly string[];
  /** Only in the first of the rooms. */
  readonly isInRoom?: true;
}

const [rare, common, pair, commonPair] = searched;
const kinds: readonly Kind[] = [
  { what: "a word in 1 %", queries: rare.words },
  { what: "two of them", queries: rare.words.map((word, index) => `${word} ${common.words[index % 2]}`) },
  { what: "a part of a word in 1 %", queries: rare.words.map((word) => word.slice(1, -1)) },
  { what: "a word that is nowhere", queries: rare.words.map((word) => `${word}qq`) },
  { what: "a Japanese pair in 1 %", queries: pair.words },
  { what: "a Japanese character in 1 %", queries: pair.words.map((word) => word.slice(0, 1)) },
  { what: "a word in 10 %", queries: common.words },
  { what: "a part of a word in 10 %", queries: common.words.map((word) => word.slice(1, -1)) },
  { what: "a Japanese pair in 10 %", queries: commonPair.words },
  { what: "a word in 10 %, in one room", queries: common.words, isInRoom: true },
  { what: "a word in 10 %, of the first days", queries: common.words.map((word) => `${word} before:2025-01-03`) },
];

async function measure(bench: Bench, { what, queries, isInRoom }: Kind): Promise<readonly string[]> {
  const token = await bench.token(SEARCHER);
  const roomId = isInRoom === true ? String(searchedRooms.first) : null;
  const questions = queries.map((query): Question => ({
    url: `${bench.urls.parley}/graphql`,
    token,
    body: { query: SEARCH, variables: { query, roomId, first: PAGE } },
  }));
  const expected = what.includes("nowhere") ? 0 : PAGE;
  for (const question of questions) {
    const found = parseFound(await bench.load.call("ask", question));
    if (found !== expected) bench.report.fault(`Searching for ${what} found ${found} of ${expected} messages.`);
  }
  const requests = bench.isQuick ? QUICK_REQUESTS : REQUESTS;
  const { result, cpuMicros, statements } = await spend(bench, bench.server, what, () =>
    bench.load.call("askInTurn", questions, requests),
  );
  const sorted = result.toSorted((left, right) => left - right);
  return [
    what,
    figure(quantile(sorted, 0.5)),
    figure(quantile(sorted, 0.95)),
    figure(cpuMicros / requests),
    figure(statements / requests),
    requests.toLocaleString("en"),
  ];
}

function parseFound(answer: unknown): number {
  const { data } = answer as { data: { searchChatMessages: { edges: unknown[] } } };
  return data.searchChatMessages.edges.length;
}
