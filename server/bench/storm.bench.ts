import { requireOpenFiles, spend, type Bench } from "./bench.js";
import { reportFaults } from "./fanout.bench.js";
import { largestSeats } from "./plan.js";
import { figure } from "./report.js";

const CONNECTIONS = 2_000;
const QUICK_CONNECTIONS = 500;
const STORMS = 3;
const MAX_SECONDS = 5;

/** All connections break at once, and all come back at once: each logs in, resumes, and is told what it missed. */
export async function storm(bench: Bench): Promise<void> {
  const count = bench.isQuick ? QUICK_CONNECTIONS : CONNECTIONS;
  // Those that break are not all gone when they come back.
  requireOpenFiles(2 * count);
  await bench.load.call("gather", largestSeats(count));
  const rows: string[][] = [];
  for (let nth = 1; nth <= STORMS; nth += 1) {
    const what = `storm ${nth} of ${count.toLocaleString("en")}`;
    await bench.load.call("scatter");
    const { result, cpuMicros, statements } = await spend(bench, bench.server, what, () => bench.load.call("comeBack"));
    reportFaults(bench, what, result.tally);
    for (const error of result.errors.slice(0, 3)) bench.report.fault(`${what}: ${error}`);
    const seconds = result.tookMs / 1_000;
    if (seconds > MAX_SECONDS) bench.report.note(`${what}: it took longer than ${MAX_SECONDS} s.`);
    rows.push([
      what,
      figure(seconds),
      figure(cpuMicros / 1_000_000),
      figure(cpuMicros / count),
      figure(statements / count),
      result.errors.length.toLocaleString("en"),
      result.tally.delivered.toLocaleString("en"),
    ]);
  }
  const heads = [
    "reconnect",
    "s until all are back",
    "CPU s",
    "us each",
    "statements each",
    "errors",
    "missed, delivered",
  ];
  bench.report.table("Connections that break and come back at once, with their cursors (chatEvents)", heads, rows);
}
