import { parseArgs } from "node:util";
import { faultNames, type FaultName } from "./faults.js";
import type { ChaosOptions } from "./scenario.js";

/** What was asked for on the command line. */
export interface Asked {
  /** Their names, in order; `all` is among them as it was typed. */
  readonly scenarios: readonly string[];
  readonly isHelp: boolean;
  readonly options: ChaosOptions;
}

/** The options that say how often, and the fault that each is about. */
const TIMES: Readonly<Record<FaultName, string>> = {
  kill: "kills",
  stop: "stops",
  deploy: "deploys",
  redis: "redis-kills",
  hang: "redis-stops",
  postgres: "postgres-restarts",
  terminate: "terminations",
  network: "networks",
  cut: "cuts",
};
const NUMBERS = ["seed", "minutes", "nodes", "sends", "followers", "rooms"];

const NODES = 3;
const MAX_SEED = 1_000_000;

/** The options as the help shows them. */
export const optionWords: readonly string[] = [
  ...NUMBERS.map((name) => `[--${name} N]`),
  `[--faults ${faultNames.join(",")}]`,
  ...Object.values(TIMES).map((name) => `[--${name} N]`),
];

/** @throws Error in words for the one who typed it */
export function parseOptions(args: readonly string[]): Asked {
  const numbers = [...NUMBERS, ...Object.values(TIMES)].map((name) => [name, { type: "string" }] as const);
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: "boolean" }, faults: { type: "string" }, ...Object.fromEntries(numbers) },
  });
  const given = new Map<string, string | boolean | undefined>(Object.entries(values));
  const number = (name: string): number | undefined => parseNumber(name, given.get(name));
  return {
    scenarios: positionals.length > 0 ? positionals : ["everything"],
    isHelp: values.help === true,
    options: {
      seed: number("seed") ?? Math.floor(Math.random() * MAX_SEED),
      minutes: number("minutes"),
      nodes: number("nodes") ?? NODES,
      sends: number("sends"),
      followers: number("followers"),
      rooms: number("rooms"),
      faults: parseFaults(values.faults),
      times: Object.fromEntries(faultNames.map((name) => [name, number(TIMES[name])])),
    },
  };
}

function parseNumber(name: string, text: string | boolean | undefined): number | undefined {
  if (typeof text !== "string") return undefined;
  const value = Number(text);
  if (text === "" || !(value >= 0)) throw new Error(`--${name} takes a number, and got ${text}.`);
  return value;
}

function parseFaults(text: string | undefined): readonly FaultName[] | undefined {
  return text
    ?.split(",")
    .filter((name) => name !== "")
    .map((wanted) => {
      const known = faultNames.find((name) => name === wanted);
      if (known === undefined) throw new Error(`There is no fault ${wanted}. There are ${faultNames.join(", ")}.`);
      return known;
    });
}
