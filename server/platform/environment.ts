import { readFileSync } from "node:fs";
import type { z } from "zod";
import { errorCode } from "./system-error.js";

/** Settings out of environment variables, in general: parsing, `*_FILE` forms, and every fault at once. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One environment variable: what it means, how it is written, and what it is when nobody sets it. */
export interface Variable<Value> {
  readonly meaning: string;
  /** The default as documentation shows it; empty when there is none. */
  readonly default: string;
  /** A secret may also come from a file, named by the variable with `_FILE` at its end, and is never shown in a fault. */
  readonly secret: boolean;
  /** A value that works, for documentation and for the fix of a fault. */
  readonly example: string;
  readonly schema: z.ZodType<Value, string>;
  readonly fallback: Value;
}

export type Variables = Readonly<Record<string, Variable<unknown>>>;
export type ValuesOf<Table extends Variables> = {
  readonly [Name in keyof Table]: Table[Name] extends Variable<infer Value> ? Value : never;
};

/** What is wrong with one variable, in a sentence that follows its name, and what to do about it. */
export interface Fault {
  readonly variable: string;
  readonly problem: string;
  readonly fix: string;
}

interface VariableOptions<Value> {
  readonly meaning: string;
  readonly schema: z.ZodType<Value, string>;
  readonly example?: string;
  readonly secret?: boolean;
}

/** A variable with a fixed default, written as in the environment. */
export function withDefault<Value>(defaultText: string, options: VariableOptions<Value>): Variable<Value> {
  const fallback = options.schema.parse(defaultText);
  return { secret: false, example: defaultText, ...options, default: defaultText, fallback };
}

/** A variable that may stay unset. `computed` says in words what then takes its place. */
export function optional<Value>(
  options: VariableOptions<Value> & { readonly example: string; readonly computed?: string },
): Variable<Value | undefined> {
  const { computed, ...rest } = options;
  return { secret: false, ...rest, default: computed ?? "", fallback: undefined };
}

/** Whether anything was set, well or badly: the variable itself or its `_FILE` form. */
export function isSet(name: string, env: Environment): boolean {
  return setting(env[name]) !== undefined || setting(env[`${name}_FILE`]) !== undefined;
}

/** Every name that can be set: the variables, and the `_FILE` forms of the secrets. */
export function namesOf(variables: Variables): string[] {
  return Object.entries(variables).flatMap(([name, variable]) => (variable.secret ? [name, `${name}_FILE`] : [name]));
}

/**
 * Reads every variable of the table. A value that can't be used is reported in `faults` and stands as its default in
 * `values`, so that the checks that follow find the other faults too. An empty variable counts as unset.
 */
export function parseVariables<Table extends Variables>(
  variables: Table,
  env: Environment,
): { values: ValuesOf<Table>; faults: Fault[] } {
  const faults: Fault[] = [];
  const values = Object.entries(variables).map(([name, variable]) => {
    const read = readVariable(name, variable, env);
    if ("fault" in read) faults.push(read.fault);
    return [name, "fault" in read ? variable.fallback : read.value];
  });
  return { values: Object.fromEntries(values) as ValuesOf<Table>, faults };
}

type Read<Value> = { readonly value: Value } | { readonly fault: Fault };

function readVariable<Value>(name: string, variable: Variable<Value>, env: Environment): Read<Value> {
  const source = variable.secret ? readSecret(name, env) : { value: setting(env[name]) };
  if ("fault" in source) return source;
  if (source.value === undefined) return { value: variable.fallback };
  const parsed = variable.schema.safeParse(source.value);
  if (parsed.success) return { value: parsed.data };
  const problem = parsed.error.issues[0]?.message ?? "can't be used";
  const shown = variable.secret ? "" : `${JSON.stringify(shorten(source.value))} `;
  return { fault: { variable: name, problem: `${shown}${problem}`, fix: fixFor(name, variable) } };
}

function fixFor(name: string, variable: Variable<unknown>): string {
  const example = variable.secret ? `to ${variable.example}` : `${name}=${variable.example}`;
  const unset = variable.default === "" ? "" : `; unset, it is ${variable.default}`;
  return `set it, for example ${example}${unset}`;
}

function readSecret(name: string, env: Environment): Read<string | undefined> {
  const direct = setting(env[name]);
  const file = setting(env[`${name}_FILE`]);
  if (file === undefined) return { value: direct };
  const fault = (problem: string, fix: string): Read<never> => ({ fault: { variable: `${name}_FILE`, problem, fix } });
  if (direct !== undefined)
    return fault(`is set beside ${name}, and only one of them can count`, `unset ${name} or ${name}_FILE`);
  try {
    const content = setting(readFileSync(file, "utf8"));
    if (content !== undefined) return { value: content };
    return fault(`names the file ${file}, which is empty`, `write the secret into ${file}`);
  } catch (error) {
    const code = errorCode(error);
    const reason = code === undefined ? "" : ` (${code})`;
    return fault(
      `names the file ${file}, which can't be read${reason}`,
      "give the path of a file that the server's user may read",
    );
  }
}

function setting(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === "" ? undefined : trimmed;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/**
 * Faults for set variables that look like one of ours written wrongly. Only names with one of `prefixes` are looked at:
 * an environment is full of other programs' variables.
 */
export function findMisspelt(variables: Variables, prefixes: readonly string[], env: Environment): Fault[] {
  const known = namesOf(variables);
  const unknown = Object.keys(env).filter((name) => setting(env[name]) !== undefined && !known.includes(name));
  return unknown
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
    .flatMap((name) => {
      const meant = known.find((candidate) => editDistance(name, candidate) <= MAX_TYPO_EDITS);
      if (meant === undefined) return [];
      return [
        {
          variable: name,
          problem: "is not a variable of this program",
          fix: `did you mean ${meant}? Rename or unset it`,
        },
      ];
    });
}

const MAX_TYPO_EDITS = 2;

/** Levenshtein's distance: the fewest letters to insert, delete or replace. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...right].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
