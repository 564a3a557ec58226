import { describeMachine } from "../bench/report.js";
import { createRandom } from "../demo/demo-random.js";
import { deploys } from "./deploys.scenario.js";
import { everything } from "./everything.scenario.js";
import { keys } from "./keys.scenario.js";
import { node } from "./node.scenario.js";
import { optionWords, parseOptions } from "./options.js";
import { postgres } from "./postgres.scenario.js";
import { redisAway } from "./redis-away.scenario.js";
import { removals } from "./removals.scenario.js";
import { stalled } from "./stalled.scenario.js";
import { createChaosReport, printResults, type ChaosReport } from "./results.js";
import type { ChaosOptions, Scenario } from "./scenario.js";

/** Every scenario, by the name by which it is asked for. */
const scenarios: Readonly<{ [name in string]?: Scenario }> = {
  everything,
  keys,
  "redis-away": redisAway,
  postgres,
  node,
  stalled,
  removals,
  deploys,
};

const ALL = "all";

const HELP = `Breaks a cluster of Parley again and again while people talk, and checks that every promise was kept.

  npm run chaos -- [scenario ...] ${optionWords.join(" ")}

  scenario: ${Object.keys(scenarios).join(", ")}; everything when there is none.
            Several are played one after the other, with a table of what they came to at the end; ${ALL}: all of them.
  --seed    the same seed plans the same faults at the same moments; by chance when absent, and printed

It starts nodes, a PostgreSQL and a Redis of its own on this machine, and ends and removes all of it, also on Ctrl-C. Its
exit status is 1 when a promise was broken.
`;

/** What shells say of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;
/** Ctrl-C ends everything in good order, if that takes no longer. */
const END_WITHIN_MS = 10_000;

const write = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: readonly string[]): Promise<number> {
  const { scenarios: names, isHelp, options } = parseOptions(args);
  const asked = names.flatMap((name) => (name === ALL ? Object.keys(scenarios) : [name]));
  const plays = asked.map((name) => {
    const play = scenarios[name];
    if (play === undefined) throw new Error(`There is no scenario ${name}.\n\n${HELP}`);
    return { name, play };
  });
  if (isHelp) {
    process.stdout.write(HELP);
    return 0;
  }
  const signal = heedInterrupts();
  write(describeMachine());
  const runs: { readonly scenario: string; readonly report: ChaosReport }[] = [];
  for (const [index, { name, play }] of plays.entries()) {
    if (signal.aborted) break;
    const place = plays.length > 1 ? ` (${index + 1} of ${plays.length})` : "";
    write(`\nchaos ${name}${place}: seed ${options.seed}`);
    runs.push({ scenario: name, report: await playOne(play, { options, signal }) });
  }
  if (plays.length > 1) printResults(runs, write);
  if (signal.aborted) {
    write("Interrupted: nothing is known.");
    return INTERRUPTED;
  }
  const isBroken = runs.some(({ report }) => report.faults.length > 0);
  write(isBroken ? `A promise was broken, with seed ${options.seed}.` : "Every promise was kept.");
  return isBroken ? 1 : 0;
}

async function playOne(
  scenario: Scenario,
  { options, signal }: { readonly options: ChaosOptions; readonly signal: AbortSignal },
): Promise<ChaosReport> {
  const report = createChaosReport(write);
  const startMs = performance.now();
  const say = (line: string): void =>
    write(`${((performance.now() - startMs) / 1_000).toFixed(1).padStart(7)} s  ${line}`);
  try {
    await scenario({ options, random: createRandom(options.seed), report, signal, say });
  } catch (error) {
    if (!signal.aborted) report.fault(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  report.end();
  return report;
}

/**
 * However often somebody presses Ctrl-C, or closes the terminal, what was started is ended; where that hangs, with this
 * process.
 */
function heedInterrupts(): AbortSignal {
  const interrupt = new AbortController();
  const onSignal = (): void => {
    if (interrupt.signal.aborted) return;
    setTimeout(() => process.exit(INTERRUPTED), END_WITHIN_MS).unref();
    // What is still under way meets processes that are gone.
    process.on("unhandledRejection", () => {});
    interrupt.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  return interrupt.signal;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  // What was asked for can't be.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
