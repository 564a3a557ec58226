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

const MESSAGES = [100_000, 400_000];
const QUICK_MESSAGES = [20_000];
const ROOMS = 50;
const PEOPLE = 100;
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
  for (const count of isQuick ? QUICK_MESSAGES : MESSAGES) rows.push(await measure(database, report, count));
  report.table("Importing a file", ["messages", ...HEADS], rows);
}

async function measure(database: BenchDatabase, report: Report, count: number): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-import-"));
  const file = join(folder, "file.jsonl");
  try {
    await pipeline(Readable.from(linesOf(count)), createWriteStream(file));
    const first = await run(database, file);
    const again = await run(database, file);
    if (first.newMessages !== count || again.newMessages !== 0)
      report.fault(`Of ${count} messages ${first.newMessages} were new, and then ${again.newMessages}.`);
    const seconds = first.ms / 1_000;
    const figures = [seconds, count / seconds, first.cpuMs / 1_000, first.peakRssBytes / 1_024 ** 2, again.ms / 1_000];
    return [count.toLocaleString("en"), ...figures.map(figure)];
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

/** Each file has ids of its own: some rooms, and a message a second by turns in each; every tenth has two reactions. */
function* linesOf(count: number): Generator<string, void> {
  const first = count * 10;
  const ids = (length: number): readonly number[] => Array.from({ length }, (_, index) => first + index);
  for (const id of ids(PEOPLE)) yield line({ kind: "user", id, username: `user${id}`, display_name: `User ${id}` });
  yield line({ kind: "project", id: first, name: `Import of ${count}`, members: ids(PEOPLE) });
  for (const id of ids(ROOMS)) {
    const name = `Room ${id}`;
    yield line({ kind: "room", id, type: "group", name, project: first, created_by: first, participants: ids(20) });
  }
  const startMs = Date.UTC(2025, 0, 1);
  for (let index = 0; index < count; index += 1) {
    const reactions = index % 10 === 0 ? ["👍", "🎉"].map((emoji) => ({ user: first + 2, emoji })) : [];
    const created_at = new Date(startMs + index * 1_000).toISOString();
    const content = `Message ${index} @user${first + 3} `.padEnd(MESSAGE_BYTES, "words and words ");
    const place = { id: first + index, room: first + (index % ROOMS), user: first + (index % 20) };
    yield line({ kind: "message", ...place, content, created_at, reactions });
  }
}

const line = (record: object): string => `${JSON.stringify(record)}\n`;
