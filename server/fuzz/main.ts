import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createReport, describeMachine, figure } from "../bench/report.js";
import { attack } from "./attack.js";
import { shares } from "./entries.js";
import { startTarget } from "./target.js";
// What is sent is kept out of the log, as it is for tests.
import "../test/watch-all.js";

const names = shares.map(({ entry }) => entry.name);

const HELP = `Sends a server of its own what nobody should, and looks at what it answers.

  npm run fuzz -- [--inputs N] [--seed N] [--only NAME,NAME]

  --inputs  how many for each way in; usually ${shares.map(({ entry, inputs }) => `${entry.name} ${inputs}`).join(", ")}
  --seed    the same seed makes the same inputs; by chance when absent, and printed
  --only    ${names.join(", ")}

It fails when something is answered by 500, not in the shape of its transport or with a code that is not of the list, when
the server logs a fault of its own, leaves a rejection unhandled or something of an upload behind, and when the event loop
is held up for more than 100 ms in more than one of a hundred of its turns.
`;

const MAX_DELAY_MS = 100;
const MAX_SEED = 2 ** 31;
const NS_PER_MS = 1_000_000;
const SAY_EVERY_MS = 2_000;

interface Asked {
  readonly inputs: number | undefined;
  readonly seed: number;
  readonly only: readonly string[];
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      inputs: { type: "string" },
      seed: { type: "string" },
      only: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const only = values.only?.split(",").filter((name) => name !== "") ?? names;
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`There is no way in called ${unknown}. There are ${names.join(", ")}.`);
  const seed = numberOf("seed", values.seed) ?? Math.floor(Math.random() * MAX_SEED);
  return fuzz({ inputs: numberOf("inputs", values.inputs), seed, only });
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`--${name} takes a whole number, and got ${text}.`);
  return Number(text);
}

async function fuzz({ inputs: asked, seed, only }: Asked): Promise<number> {
  const report = createReport((line) => process.stdout.write(`${line}\n`));
  process.stdout.write(`${describeMachine()}\nseed ${seed}\n`);
  const rows: string[][] = [];
  const target = await startTarget();
  try {
    for (const { entry, inputs: usual } of shares.filter((share) => only.includes(share.entry.name))) {
      const inputs = asked ?? usual;
      const delay = monitorEventLoopDelay({ resolution: 10 });
      const startMs = performance.now();
      delay.enable();
      const fault = await attack(entry, target, { inputs, seed, progress: progressOf(entry.name, inputs) });
      delay.disable();
      if (fault !== undefined) report.fault(`${fault}\n  again: npm run fuzz -- --seed ${seed} --only ${entry.name}`);
      const delayMs = delay.percentile(99) / NS_PER_MS;
      if (delayMs > MAX_DELAY_MS) report.fault(`${entry.name}: the event loop was held up for ${figure(delayMs)} ms`);
      rows.push([
        entry.name,
        inputs.toLocaleString("en"),
        figure((performance.now() - startMs) / 1_000),
        figure(delayMs),
      ]);
    }
  } finally {
    await target.close();
  }
  report.table("What was sent", ["way in", "inputs", "s", "p99 of the event loop's delay, ms"], rows);
  report.end();
  process.stdout.write(
    report.faults.length > 0 ? `Something is wrong, with seed ${seed}.\n` : "All was answered as it should be.\n",
  );
  return report.faults.length > 0 ? 1 : 0;
}

/** Says from time to time how far it is. */
function progressOf(name: string, inputs: number): (sent: number) => void {
  let saidMs = performance.now();
  return (sent) => {
    if (performance.now() - saidMs < SAY_EVERY_MS) return;
    saidMs = performance.now();
    process.stderr.write(`${name}: ${sent.toLocaleString("en")} of ${inputs.toLocaleString("en")}\n`);
  };
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
