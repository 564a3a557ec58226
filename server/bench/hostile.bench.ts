import { hostileCorpus, type HostileOperation } from "../fuzz/hostile-documents.js";
import type { Bench } from "./bench.js";
import { HISTORY } from "./documents.js";
import { historyRoom, LIST_VIEWER } from "./plan.js";
import { figure, median, quantile } from "./report.js";

const SEED = 8;
/** The code is compiled by others of their kind. */
const WARM_UP_SEED = 9;
const MAX_CPU_MS = 50;
const ROUNDS = 3;
const HISTORY_PER_SECOND = 20;
const HOSTILE_PER_SECOND = 5;
const TURN_MS = 10_000;
const QUICK_TURN_MS = 4_000;
const TURNS = 3;
const MAX_GROWTH = 2;

const WAYS = ["http", "webSocket"] as const;
const NAMES = { http: "HTTP", webSocket: "graphql-ws" } as const;

/** What refusing an operation that nobody needs costs, and what others notice of somebody who sends one after the other. */
export async function hostile(bench: Bench): Promise<void> {
  const operations = hostileCorpus(SEED);
  await bench.load.call("openAttacker", await bench.token(LIST_VIEWER));
  for (const way of WAYS)
    for (const operation of hostileCorpus(WARM_UP_SEED)) await bench.load.call("attack", way, operation);
  const rows: string[][] = [];
  for (const way of WAYS) rows.push(await costs(bench, way, operations));
  bench.report.table(
    `Server CPU to refuse each of ${operations.length} hostile operations, the median of ${ROUNDS} times`,
    ["over", "median ms", "p99 ms", "largest ms", "at most"],
    rows,
  );
  await noticed(bench, operations);
}

async function costs(bench: Bench, way: (typeof WAYS)[number], operations: readonly HostileOperation[]) {
  const each: { readonly ms: number; readonly operation: HostileOperation }[] = [];
  for (const operation of operations) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await bench.server.call("usage");
      await bench.load.call("attack", way, operation);
      const after = await bench.server.call("usage");
      times.push((after.cpuMicros - before.cpuMicros) / 1_000);
    }
    each.push({ ms: median(times), operation });
  }
  for (const { ms, operation } of each.filter((one) => one.ms >= MAX_CPU_MS))
    bench.report.fault(`${figure(ms)} ms of CPU over ${NAMES[way]}: ${JSON.stringify(operation).slice(0, 300)}`);
  const sorted = each.map(({ ms }) => ms).toSorted((left, right) => left - right);
  return [NAMES[way], ...[quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 1), MAX_CPU_MS].map(figure)];
}

/** A page of history at a steady pace by turns: with nobody else there, and beside who sends hostile operations. */
async function noticed(bench: Bench, operations: readonly HostileOperation[]): Promise<void> {
  const body = { query: HISTORY, variables: { roomId: String(historyRoom.first) } };
  const page = { url: `${bench.urls.parley}/graphql`, token: await bench.token(1), body };
  const forMs = bench.isQuick ? QUICK_TURN_MS : TURN_MS;
  const pace = { perSecond: HISTORY_PER_SECOND, forMs };
  await bench.load.call("waitsAtPace", page, pace);
  const [alone, beside]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < TURNS; turn += 1) {
    alone.push(...(await bench.load.call("waitsAtPace", page, pace)));
    const attack = bench.load.call("attackForAWhile", operations, { perSecond: HOSTILE_PER_SECOND, forMs });
    beside.push(...(await bench.load.call("waitsAtPace", page, pace)));
    await attack;
  }
  const [p99, p99Beside] = [p99Of(alone), p99Of(beside)];
  bench.report.table(
    `A page of history, ${HISTORY_PER_SECOND} times a second, beside ${HOSTILE_PER_SECOND} hostile operations a second`,
    ["pages", "p50 ms", "beside", "p99 ms", "beside", "ratio"],
    [[String(alone.length), ...[median(alone), median(beside), p99, p99Beside, p99Beside / p99].map(figure)]],
  );
  if (p99Beside >= MAX_GROWTH * p99)
    bench.report.fault(
      `p99 of a page is ${figure(p99Beside)} ms beside hostile operations, and ${figure(p99)} without.`,
    );
}

const p99Of = (waits: readonly number[]): number =>
  quantile(
    waits.toSorted((left, right) => left - right),
    0.99,
  );
