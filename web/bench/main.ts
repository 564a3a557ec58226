import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { createReport, describeMachine, figure, median } from "../../server/bench/report.js";
import { launchDesktopBrowser } from "../e2e/browser.js";
import { LONG_ROOM, startWithHistory, type HistoryServer } from "../e2e/history.js";
import { MESSAGES_A_SECOND, measureBusyRoom } from "./busy-room.js";
import { measureJavaScript } from "./javascript.js";
import { measureLongHistory } from "./long-history.js";
import { observe, takeObserved } from "./observe.js";

const HISTORY = 10_000;
const ROOM_PATH = `/rooms/${LONG_ROOM}`;
const HELP = `Measures the web client in a real browser, beside its budgets, and fails over one.

  npm run bench:web -- [--quick] [--help]

  --quick   fewer and shorter runs, and less exact
`;

/** One figure beside its budget. */
interface Measure {
  readonly what: string;
  readonly value: number;
  readonly budget: number;
  readonly unit: string;
}

/** Runs everything, prints the table, and answers the exit status: 1 over a budget. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { quick: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const browser = await launchDesktopBrowser();
  const history = await startWithHistory(HISTORY);
  try {
    const measures = [...(await ofBuild()), ...(await ofPage(browser, history, values.quick === true))];
    return report(measures, browser.version());
  } finally {
    await browser.close();
    await history.stop();
  }
}

async function ofBuild(): Promise<Measure[]> {
  const { initialBytes, largestLazy } = await measureJavaScript();
  return [
    { what: "initial JavaScript, gzip", value: initialBytes / 1000, budget: 300, unit: "kB" },
    { what: `largest lazy chunk, gzip (${largestLazy.name})`, value: largestLazy.bytes / 1000, budget: 60, unit: "kB" },
  ];
}

async function ofPage(browser: Browser, history: HistoryServer, isQuick: boolean): Promise<Measure[]> {
  const foreign = new Set<string>();
  const open = () => openRoom(browser, history, foreign);
  const loads = isQuick ? 3 : 9;
  const lcpMs: number[] = [];
  let cls = 0;
  for (let load = 0; load < loads; load++) {
    const { page, context } = await open();
    const observed = await takeObserved(page);
    lcpMs.push(observed.lcpMs);
    cls = Math.max(cls, observed.cls);
    await context.close();
  }
  const { page, context } = await open();
  const busy = await measureBusyRoom(history, page, isQuick ? 5 : 20);
  await context.close();
  const reader = await open();
  const long = await measureLongHistory(reader.page, "Message 1.");
  await reader.context.close();
  const beside = `at ${figure(busy.sentPerSecond)} messages/s`;
  if (busy.sentPerSecond < MESSAGES_A_SECOND * 0.9) throw new Error(`The machine sent only ${beside.slice(3)}.`);
  return [
    { what: `LCP of a room, median of ${loads}`, value: median(lcpMs), budget: 1_500, unit: "ms" },
    { what: "CLS of a load, worst", value: cls, budget: 0.02, unit: "" },
    { what: `INP ${beside}, worst of ${busy.interactions}`, value: busy.slowestInteractionMs, budget: 200, unit: "ms" },
    { what: `longest task ${beside}`, value: busy.longestTaskMs, budget: 100, unit: "ms" },
    { what: `CLS ${beside}`, value: busy.cls, budget: 0.02, unit: "" },
    { what: "nodes while 10,000 messages are scrolled, most", value: long.mostNodes, budget: 3_000, unit: "" },
    { what: "heap that 10,000 messages add", value: long.heapAfterMb - long.heapBeforeMb, budget: 30, unit: "MB" },
    { what: "requests to other hosts", value: foreign.size, budget: 0, unit: "" },
  ];
}

/** A room in a browser without a cache, at its newest message. */
async function openRoom(browser: Browser, history: HistoryServer, foreign: Set<string>) {
  const { page, context } = await history.visit(browser, 0, null);
  await observe(context);
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== new URL(history.url).host) foreign.add(host);
  });
  await page.goto(`${history.url}${ROOM_PATH}`);
  await page.locator("article .text").last().waitFor();
  await page.waitForLoadState("networkidle");
  return { page, context };
}

function report(measures: readonly Measure[], browserVersion: string): number {
  const table = createReport((line) => process.stdout.write(`${line}\n`));
  const rows = measures.map(({ what, value, budget, unit }) => {
    const isOver = value > budget;
    if (isOver) table.fault(`${what}: ${figure(value)} ${unit} is over the budget of ${budget}.`);
    return [what, `${figure(value)} ${unit}`.trim(), `${budget} ${unit}`.trim(), isOver ? "over" : "ok"];
  });
  table.table("The web client", ["what", "measured", "budget", ""], rows);
  table.note(`${describeMachine()}, Chromium ${browserVersion}`);
  table.end();
  return table.faults.length > 0 ? 1 : 0;
}
