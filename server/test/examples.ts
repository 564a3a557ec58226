import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The pages' examples. What a fence is called says what happens to it:
 *
 * - `bash`: run as it stands, in order, with the address of the server put in place of the one that pages name;
 * - `graphql`: sent as John; of a subscription the first event is awaited;
 * - `graphql supergraph`: sent as John to the gateway of `examples/supergraph`;
 * - `json variables`: the variables of the operation before it, where `"$headCursor"` is the newest `headCursor` that
 *   an answer of the page had;
 * - `json answer`: what the example before it answers, in shape: the same fields, of the same types;
 * - anything else (`sh`, `ts`, `json` ...) is only shown.
 */
export type Example = ShellExample | GraphqlExample;

export interface ShellExample {
  readonly kind: "shell";
  readonly source: string;
  readonly answer?: unknown;
}

export interface GraphqlExample {
  readonly kind: "graphql";
  readonly source: string;
  readonly at: "parley" | "supergraph";
  readonly variables?: unknown;
  readonly answer?: unknown;
}

export const root = join(import.meta.dirname, "../..");

/** Every page of the documentation, as a path from the root. */
export const pages: readonly string[] = ["README.md", ...markdownIn("docs"), ...markdownIn("examples")];

/** The programs in `docs/examples` that can be run by themselves. */
export const programs: readonly string[] = filesIn("docs/examples", /(?<!^client)\.(sh|mjs)$/);

/** Those for which Python and its package `websockets` are wanted, which not every machine has. */
export const pythonPrograms: readonly string[] = filesIn("docs/examples", /\.py$/);

function filesIn(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(join(root, folder))
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`);
}

function markdownIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name))
    .toSorted();
}

export function readPage(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

/** The examples of a page, in order. Throws where a `variables` or `answer` has nothing to belong to. */
export function examplesOf(markdown: string): readonly Example[] {
  const examples: Example[] = [];
  for (const [, info = "", source = ""] of markdown.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)) {
    if (info === "bash") examples.push({ kind: "shell", source });
    if (info === "graphql") examples.push({ kind: "graphql", source, at: "parley" });
    if (info === "graphql supergraph") examples.push({ kind: "graphql", source, at: "supergraph" });
    const part = /^json (variables|answer)$/.exec(info)?.[1];
    if (part === undefined) continue;
    const last = examples.pop();
    if (last === undefined) throw new Error(`Nothing stands before these ${part}: ${source}`);
    examples.push({ ...last, [part]: JSON.parse(source) });
  }
  return examples;
}

/** The first place where `actual` has not the shape of `shown`; undefined when it has. */
export function differenceInShape(actual: unknown, shown: unknown, path = "answer"): string | undefined {
  if (Array.isArray(shown)) {
    if (!Array.isArray(actual) || actual.length < shown.length) return `${path} has fewer items`;
    return firstDifference(shown.map((item, index) => differenceInShape(actual[index], item, `${path}[${index}]`)));
  }
  if (isRecord(shown)) {
    if (!isRecord(actual)) return `${path} is no object`;
    const names = new Set([...Object.keys(shown), ...Object.keys(actual)]);
    return firstDifference([...names].map((name) => differenceInShape(actual[name], shown[name], `${path}.${name}`)));
  }
  const same = shown === null ? actual === null : typeof actual === typeof shown;
  return same ? undefined : `${path} is ${JSON.stringify(actual)}, and the page shows ${JSON.stringify(shown)}`;
}

function firstDifference(differences: readonly (string | undefined)[]): string | undefined {
  return differences.find((difference) => difference !== undefined);
}

/** The strings in an answer by the name of their field; the last of a name wins. */
export function namedStrings(value: unknown, found = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) for (const item of value) namedStrings(item, found);
  else if (isRecord(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === "string") found.set(name, inner);
      else namedStrings(inner, found);
    }
  }
  return found;
}

/** Puts what earlier answers had in place of `"$name"`. */
export function fillVariables(variables: unknown, known: ReadonlyMap<string, string>): Record<string, unknown> {
  const filled: unknown = JSON.parse(JSON.stringify(variables ?? {}), (_key, value: unknown) => {
    if (typeof value !== "string" || !value.startsWith("$")) return value;
    const text = known.get(value.slice(1));
    if (text === undefined) throw new Error(`No answer before this example has a ${value.slice(1)}.`);
    return text;
  });
  return isRecord(filled) ? filled : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
