import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bench } from "./bench.js";
import type { Imported, ImportCalls } from "./import.process.js";
import { MESSAGE_BYTES } from "./plan.js";
import { figure } from "./report.js";
import { startWorker } from "./worker.js";

const MESSAGES = [100_000, 400_000];
const QUICK_MESSAGES = [20_000];
const ROOMS = 50;
const PEOPLE = 100;
/** Clear of what is there already. */
const FIRST_ID = 1_000_000;
const HEADS = ["s", "messages/s", "CPU s", "peak MB", "again, s"];

/** How long a file of messages takes beside a server, how much memory, and how long it takes to find it all there. */
export async function imports(bench: Bench): Promise<void> {
  const { databaseUrl } = bench;
  if (databaseUrl === null) {
    bench.report.note("imports: left out, since the server holds the embedded database.");
    return;
  }
  const rows = [];
  for (const count of bench.isQuick ? QUICK_MESSAGES : MESSAGES) rows.push(await measure(bench, databaseUrl, count));
  bench.report.table("Importing a file", ["messages", ...HEADS], rows);
}

async function measure(bench: Bench, url: string, count: number): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-import-"));
  const file = join(folder, "file.jsonl");
  try {
    await pipeline(Readable.from(linesOf(count)), createWriteStream(file));
    const first = await run(url, file);
    const again = await run(url, file);
    if (first.newMessages !== count || again.newMessages !== 0)
      bench.report.fault(`Of ${count} messages ${first.newMessages} were new, and then ${again.newMessages}.`);
    const seconds = first.ms / 1_000;
    const figures = [seconds, count / seconds, first.cpuMs / 1_000, first.peakRssBytes / 1_024 ** 2, again.ms / 1_000];
    return [count.toLocaleString("en"), ...figures.map(figure)];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function run(url: string, file: string): Promise<Imported> {
  const worker = startWorker<ImportCalls>("import.process");
  try {
    return await worker.call("run", url, file);
  } finally {
    await worker.stop();
  }
}

/** Each file has ids of its own: some rooms, and a message a second by turns in each; every tenth has two reactions. */
function* linesOf(count: number): Generator<string, void> {
  const first = FIRST_ID + count * 10;
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
