import { BadLine } from "./bad-line.js";
import type { ExactTime } from "./exact-time.js";
import { isRecordKind, recordKinds, type ImportRecord, type RecordKind, type RecordOf } from "./records.js";

/** What stands at one place of what is imported, before anybody has looked at it. */
export interface Entry {
  /** Counted from 1. */
  readonly line: number;
  readonly value: unknown;
  /** How much memory it takes, roughly. */
  readonly bytes: number;
}

type PlacedByKind = { readonly [Kind in RecordKind]: { readonly line: number; readonly record: RecordOf<Kind> } };
/** A record and where it stands. */
export type Placed<Kind extends RecordKind = RecordKind> = Extract<
  PlacedByKind[RecordKind],
  { readonly record: { readonly kind: Kind } }
>;

const NEWLINE = 0x0a;
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/**
 * The entries of a JSONL file, one a line; empty lines count and are passed over. Only a newline ends a line: JSON may
 * hold what other readers take for one.
 * @throws BadLine for what is not UTF-8, not JSON, or too long to be a record
 */
export async function* readEntries(source: AsyncIterable<Uint8Array>): AsyncGenerator<Entry, void> {
  let line = 1;
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      yield* entryOf(line, [...rest, Buffer.from(chunk.subarray(from, end))]);
      [line, from, rest, length] = [line + 1, end + 1, [], 0];
    }
    rest.push(Buffer.from(chunk.subarray(from)));
    length += chunk.length - from;
    if (length > MAX_LINE_BYTES) throw tooLong(line);
  }
  yield* entryOf(line, rest);
}

const tooLong = (line: number): BadLine =>
  new BadLine(line, `This line has more than ${MAX_LINE_BYTES / 1024 ** 2} MiB. Write one record a line.`);

function* entryOf(line: number, parts: readonly Buffer[]): Generator<Entry, void> {
  const bytes = Buffer.concat(parts);
  if (bytes.length > MAX_LINE_BYTES) throw tooLong(line);
  const text = decode(line, bytes).trim();
  if (text !== "") yield { line, value: parseJson(line, text), bytes: bytes.length };
}

function decode(line: number, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new BadLine(line, "This is not UTF-8. Save the file in that encoding.");
  }
}

function parseJson(line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadLine(line, "This is not JSON. Write one whole object a line.");
  }
}

/** The record that an entry holds. @throws BadLine with the first thing that is wrong with it */
export function readRecord({ line, value }: Entry): Placed {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new BadLine(line, "This is no JSON object. Write one record a line, in {braces}.");
  const kind = "kind" in value ? value.kind : undefined;
  const kinds = Object.keys(recordKinds).join(", ");
  if (typeof kind !== "string" || !isRecordKind(kind)) {
    const what = kind === undefined ? "There is no kind" : `There is no kind ${JSON.stringify(kind)}`;
    throw new BadLine(line, `${what}. A record is one of ${kinds}.`);
  }
  const parsed = recordKinds[kind].safeParse(value);
  if (!parsed.success) throw new BadLine(line, `${kind}: ${describe(parsed.error.issues[0])}`);
  return place(line, parsed.data);
}

/** Nothing in a record can have happened after `now`. Its times are what stands under the keys that end so. */
export function refuseFuture({ line, record }: Placed, now: ExactTime): void {
  const future = futureIn(record, now);
  if (future !== undefined) throw new BadLine(line, `${record.kind}: ${future} is still to come.`);
}

const IS_TIME = /_at$/;

/** The first time after `now`: where it stands, and which it is. */
function futureIn(value: object, now: ExactTime): string | undefined {
  for (const key of Object.keys(value)) {
    const inner: unknown = Reflect.get(value, key);
    if (typeof inner === "string" && IS_TIME.test(key) && inner > now) return `${key} ${inner}`;
    const found = typeof inner === "object" && inner !== null ? futureIn(inner, now) : undefined;
    if (found !== undefined) return `${key}.${found}`;
  }
  return undefined;
}

/** Each kind of record goes with its own kind of place. */
function place(line: number, record: ImportRecord): Placed {
  switch (record.kind) {
    case "user":
      return { line, record };
    case "project":
      return { line, record };
    case "room":
      return { line, record };
    case "message":
      return { line, record };
  }
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

function describe(issue: Issue | undefined): string {
  if (issue === undefined) return "This is not valid.";
  const path = issue.path.map(String).join(".");
  const inside = path === "" ? "" : ` in ${path}`;
  if (issue.code === "unrecognized_keys")
    return `There is no ${issue.keys?.join(", ") ?? "such key"}${inside}. Take it out, or mend its spelling.`;
  return `${path} ${issue.message}`.trim();
}
