import { discardFiles } from "../features/attachments/attachment.actions.js";
import type { LoggedAttachment } from "../features/attachments/attachment.js";
import type { FileServices } from "../features/attachments/attachment.upload.js";
import { publishHead } from "../features/feed/feed.actions.js";
import type { Head } from "../features/feed/feed.queries.js";
import { takeLock } from "../platform/advisory-lock.js";
import { databaseCode, DomainError, wasRolledBack } from "../platform/errors.js";
import { withoutTimeLimits } from "../platform/migrate.js";
import type { Database } from "../platform/orm.js";
import type { Services } from "../platform/scope.js";
import { BadLine } from "./bad-line.js";
import type { ExactTime } from "./exact-time.js";
import type { FindFile } from "./files.js";
import { readEntries, readRecord, refuseFuture, type Entry, type Placed } from "./lines.js";
import { openLoad, type Count, type ImportTransaction, type Load } from "./load.js";
import type { RecordKind } from "./records.js";
import { stageProjects, stageUsers } from "./stage-directory.js";
import { stageMessages } from "./stage-messages.js";
import { stageRooms } from "./stage-rooms.js";
import { store } from "./store.js";

/** How far an import has come: it has read so much of the file or, after the last of it, is storing it. */
export interface Progress {
  readonly event: "progress" | "storing";
  readonly lines: number;
  readonly messages: number;
}

/** What an import has done: how many of each kind are new, and how many were there already. */
export type ImportCounts = Readonly<Record<RecordKind, Readonly<Count>>>;

export interface Import {
  readonly source: AsyncIterable<Uint8Array>;
  /** Where the files are that its lines name. */
  readonly findFile: FindFile;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What an import stands on. */
export interface ImportParts<Needed = FileServices> {
  readonly database: Database;
  readonly services: Needed;
}

/** All or nothing, stored files too. Imports that start at once run one after the other. */
export async function inImport<Result>(
  { database, services }: ImportParts,
  work: (transaction: ImportTransaction) => Promise<Result>,
): Promise<Result> {
  const stored: LoggedAttachment[] = [];
  let isDone = false;
  try {
    return await database.fork().transactional(async (tx) => {
      await withoutTimeLimits(tx);
      await takeLock(tx, "import");
      const result = await work({ tx, services, stored });
      isDone = true;
      return result;
    });
  } catch (error) {
    // When all but COMMIT is done, it may be that it was committed: then only the sweep can tell.
    if (!isDone || wasRolledBack(error)) await discardFiles(services, stored);
    throw error;
  }
}

/**
 * Imports a JSONL file: whole, or not at all. It makes no events: who follows a room or person that it changed is told
 * to start afresh.
 * @throws BadLine for the first line that can't be imported; DomainError CONFLICT when others took the same ids meanwhile
 */
export async function importFile(
  parts: ImportParts<FileServices & Pick<Services, "pubsub">>,
  { source, findFile, onProgress }: Import,
): Promise<ImportCounts> {
  const { services } = parts;
  const { counts, changed } = await inImport(parts, (transaction) =>
    importEntries(transaction, readEntries(source), { now: services.clock.now(), findFile, onProgress }),
  ).catch((error: unknown) => {
    const overtaken = OVERTAKEN.get(databaseCode(error) ?? "");
    throw overtaken === undefined ? error : new DomainError("CONFLICT", overtaken);
  });
  await Promise.all(changed.map((head) => publishHead(services, head)));
  return counts;
}

const COLLIDED = "Others took ids of the file meanwhile, or removed what it builds on. Import it again to learn which.";
const OUTRUN =
  "Others changed the same rooms or people at the same moment and were faster, so nothing was imported. Import it again.";

/** What the database says when others were faster, and what that means for whoever imports. */
const OVERTAKEN: ReadonlyMap<string, string> = new Map([
  // A row that is there by now, and one that is there no more.
  ["23505", COLLIDED],
  ["23503", COLLIDED],
  // A serialization failure, a deadlock, and a lock that was not to be had.
  ["40001", OUTRUN],
  ["40P01", OUTRUN],
  ["55P03", OUTRUN],
]);

/** Whose clock may be a little ahead. */
const TOLERANCE_MS = 60_000;

/**
 * Imports what an import's transaction is given.
 * @returns the counts, and the streams whose followers have to start afresh once it is committed
 */
export async function importEntries(
  transaction: ImportTransaction,
  entries: AsyncIterable<Entry> | Iterable<Entry>,
  { now, findFile, onProgress }: { readonly now: Date } & Pick<Import, "findFile" | "onProgress">,
): Promise<{ counts: ImportCounts; changed: readonly Head[] }> {
  let last: Progress = { event: "progress", lines: 0, messages: 0 };
  const load = await openLoad(transaction, { now: latestTime(now), findFile });
  await stageAll(load, entries, (progress) => {
    last = progress;
    onProgress?.(progress);
  });
  onProgress?.({ ...last, event: "storing" });
  return { counts: load.counts, changed: await store(load) };
}

function latestTime(now: Date): ExactTime {
  return new Date(now.getTime() + TOLERANCE_MS).toISOString().replace("Z", "000Z");
}

const BATCH_RECORDS = 2_000;
const BATCH_BYTES = 4 * 1024 * 1024;
/** A file counts as many bytes of lines: it takes as long, and who waits sees how far it is. */
const FILE_BYTES = BATCH_BYTES / 64;

/** Stages in batches, so that memory does not grow with the file. */
async function stageAll(
  load: Load,
  entries: AsyncIterable<Entry> | Iterable<Entry>,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  let batch: Placed[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const [full, line] = [batch, batch.at(-1)?.line];
    [batch, bytes] = [[], 0];
    await stageBatch(load, full);
    const { message } = load.counts;
    if (line !== undefined) onProgress({ event: "progress", lines: line, messages: message.new + message.known });
  };
  try {
    for await (const entry of entries) {
      const placed = readRecord(entry);
      refuseFuture(placed, load.now);
      if (batch.length >= BATCH_RECORDS || bytes >= BATCH_BYTES) await flush();
      batch.push(placed);
      bytes += entry.bytes + (hasFile(placed) ? FILE_BYTES : 0);
    }
  } catch (error) {
    // A line before this one may be bad too, and then it is the first.
    if (error instanceof BadLine) await flush();
    throw error;
  }
  await flush();
}

const hasFile = ({ record }: Placed): boolean => record.kind === "message" && record.attachment !== null;

/**
 * Kind by kind, whatever the order of the lines: things before their uses.
 * @throws BadLine for the first line of the batch that is bad
 */
async function stageBatch(load: Load, batch: readonly Placed[]): Promise<void> {
  try {
    await stageUsers(load, linesOf(batch, "user"));
    await stageProjects(load, linesOf(batch, "project"));
    await stageRooms(load, linesOf(batch, "room"));
    await stageMessages(load, linesOf(batch, "message"));
  } catch (error) {
    if (!(error instanceof BadLine)) throw error;
    // Lines before it that are of a later kind have not been looked at yet. What is staged again is known, and equal.
    const { line: bad } = error;
    await stageBatch(
      load,
      batch.filter(({ line }) => line < bad),
    );
    throw error;
  }
}

function linesOf<Kind extends RecordKind>(batch: readonly Placed[], kind: Kind): readonly Placed<Kind>[] {
  return batch.filter((placed): placed is Placed<Kind> => placed.record.kind === kind);
}
