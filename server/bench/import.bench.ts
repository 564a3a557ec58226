import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BenchDatabase } from "./database.js";
import type { Imported, ImportCalls } from "./import.process.js";
import { MESSAGE_BYTES } from "./plan.js";
import { figure, type Report } from "./report.js";
import { startWorker } from "./worker.js";

/** A file: so many rooms take the messages by turns; `byRoom` each room stands before its own messages, and not before all. */
interface Shape {
  readonly messages: number;
  readonly rooms: number;
  readonly order: "byKind" | "byRoom";
}

const SHAPES: readonly Shape[] = [
  { messages: 100_000, rooms: 50, order: "byKind" },
  { messages: 400_000, rooms: 50, order: "byKind" },
  { messages: 100_000, rooms: 10_000, order: "byKind" },
  { messages: 100_000, rooms: 10_000, order: "byRoom" },
];
const QUICK_SHAPES: readonly Shape[] = [
  { messages: 20_000, rooms: 50, order: "byKind" },
  { messages: 20_000, rooms: 2_000, order: "byKind" },
  { messages: 20_000, rooms: 2_000, order: "byRoom" },
];
const ORDERS = { byKind: "kind by kind", byRoom: "room by room" } as const;
const PEOPLE = 100;
/** So many of them are in each room, and write. */
const WRITERS = 20;
const START_MS = Date.UTC(2025, 0, 1);
/** Each file has ids of its own, from so many times its place among the files. */
const IDS = 10_000_000;
const HEADS = ["s", "messages/s", "CPU s", "peak MB", "again, s"];

export interface ImportBench {
  readonly database: BenchDatabase;
  readonly report: Report;
  readonly isQuick: boolean;
}

/** How long files of messages take, how much memory, and how long it takes to find that all of it is there. */
export async function imports({ database, report, isQuick }: ImportBench): Promise<void> {
  report.note(`import: into ${database.name}; the CPU time of a PostgreSQL is not counted.`);
  const rows = [];
  for (const [index, shape] of (isQuick ? QUICK_SHAPES : SHAPES).entries()) {
    const file = linesOf(shape, (index + 1) * IDS);
    report.progress(`import: ${describe(shape).join(", ")}`);
    rows.push([...describe(shape), ...(await measure({ database, report }, shape.messages, file))]);
  }
  report.table("Importing a file", ["messages", "rooms", "order", ...HEADS], rows);
}

const describe = ({ messages, rooms, order }: Shape): readonly string[] => [
  messages.toLocaleString("en"),
  rooms.toLocaleString("en"),
  ORDERS[order],
];

async function measure(
  { database, report }: Pick<ImportBench, "database" | "report">,
  count: number,
  lines: Iterable<string>,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-import-"));
  const file = join(folder, "file.jsonl");
  try {
    await pipeline(Readable.from(lines), createWriteStream(file));
    const first = await run(database, file);
    const again = await run(database, file);
    if (first.newMessages !== count || again.newMessages !== 0)
      report.fault(`Of ${count} messages ${first.newMessages} were new, and then ${again.newMessages}.`);
    const seconds = first.ms / 1_000;
    const figures = [seconds, count / seconds, first.cpuMs / 1_000, first.peakRssBytes / 1_024 ** 2, again.ms / 1_000];
    return figures.map(figure);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function run({ url, dataDir }: BenchDatabase, file: string): Promise<Imported> {
  const worker = startWorker<ImportCalls>("import.process");
  try {
    return await worker.call("run", { url, dataDir }, file);
  } finally {
    await worker.stop();
  }
}

/** Rooms, and a message a second by turns in each; every tenth has two reactions. */
function* linesOf({ messages, rooms, order }: Shape, first: number): Generator<string, void> {
  const people = upTo(PEOPLE).map((index) => first + index);
  for (const id of people) yield line({ kind: "user", id, username: `user${id}`, display_name: `User ${id}` });
  yield line({ kind: "project", id: first, name: `Import of ${messages}`, members: people });
  const participants = people.slice(0, WRITERS);
  const roomOf = (index: number): string => {
    const [id, name] = [first + index, `Room ${first + index}`];
    return line({ kind: "room", id, type: "group", name, project: first, created_by: first, participants });
  };
  if (order === "byKind") {
    for (const room of upTo(rooms)) yield roomOf(room);
    for (const index of upTo(messages)) yield messageOf(index, rooms, first);
    return;
  }
  for (const room of upTo(rooms)) {
    yield roomOf(room);
    for (let index = room; index < messages; index += rooms) yield messageOf(index, rooms, first);
  }
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

function messageOf(index: number, rooms: number, first: number): string {
  const reactions = index % 10 === 0 ? ["👍", "🎉"].map((emoji) => ({ user: first + 2, emoji })) : [];
  const created_at = new Date(START_MS + index * 1_000).toISOString();
  const content = `Message ${index} @user${first + 3} `.padEnd(MESSAGE_BYTES, "words and words ");
  const place = { id: first + index, room: first + (index % rooms), user: first + (index % WRITERS) };
  return line({ kind: "message", ...place, content, created_at, reactions });
}

const line = (record: object): string => `${JSON.stringify(record)}\n`;
