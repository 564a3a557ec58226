import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { openBroker } from "../broker.js";
import { readDataPlaces, type DataPlaces } from "../config.js";
import { entities } from "../entities.js";
import { checkOrigin } from "../features/feed/feed.origin.js";
import { openFileStore } from "../files.js";
import { filesBeside } from "../import/files.js";
import { importFile, type ImportCounts, type Progress } from "../import/import.js";
import { describeCounts, importEvent } from "../import/import-report.js";
import { migrations } from "../migrations/migrations.js";
import { claimDataDir } from "../platform/data-dir.js";
import { toDomainError } from "../platform/errors.js";
import { createLogger } from "../platform/logger.js";
import { migrate } from "../platform/migrate.js";
import { openDatabase } from "../platform/orm.js";
import { errorCode } from "../platform/system-error.js";
import { systemClock } from "../platform/time.js";
import { CommandError, readArguments, runCommand } from "./command.js";
import { createProgressLine } from "./progress-line.js";
import { runningServer, sendFile, type RunningServer } from "./running-server.js";

/** `npm run -s import -- FILE.jsonl`: what it did in a line on standard output, progress on a terminal. */
const HELP = `Imports users, projects, rooms and messages: one JSON object a line, all or nothing.

  npm run -s import -- FILE.jsonl

  --help   shows this

It goes into the database of DATABASE_URL, or else into the embedded one in DATA_DIR; a server may be running.
What is there already is passed over. docs/import.md has the format.
`;
const EXAMPLE = "npm run -s import -- FILE.jsonl";

/** Which file the arguments name. @throws CommandError for anything but the documented ones */
export function parseImportRequest(args: readonly string[]): { readonly file: string } | "help" {
  const options = { help: { type: "boolean", short: "h", default: false } } as const;
  const { values, positionals } = readArguments({ args: [...args], options, allowPositionals: true }, EXAMPLE);
  if (values.help) return "help";
  const [file] = positionals;
  if (file === undefined) throw new CommandError(`Say which file: ${EXAMPLE}`);
  if (positionals.length > 1) throw new CommandError(`Give one file, and not ${positionals.length}: ${EXAMPLE}`);
  return { file };
}

type OnProgress = (progress: Progress) => void;

/**
 * Imports a file into the database that the environment names, or through the server that holds it.
 * @throws CommandError, BadLine, DomainError
 */
export async function runImport(places: DataPlaces, file: string, onProgress: OnProgress): Promise<ImportCounts> {
  await requireFile(file);
  const server = await runningServer(places);
  return server === undefined ? importHere(places, file, onProgress) : importThrough(server, file, onProgress);
}

async function requireFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    throw new CommandError(`The file ${file} can't be read (${errorCode(error) ?? String(error)}).`);
  });
  if (!found.isFile()) throw new CommandError(`${file} is not a file.`);
}

async function importThrough(server: RunningServer, file: string, onProgress: OnProgress): Promise<ImportCounts> {
  for await (const event of sendFile(server, { path: "/control/import", file, shape: importEvent })) {
    if (event.event === "done") return event.counts;
    if (event.event === "refused") throw new CommandError(event.reason);
    onProgress(event);
  }
  throw new CommandError("The server ended before the import did, so nothing was imported. Start it and try again.");
}

async function importHere(places: DataPlaces, file: string, onProgress: OnProgress): Promise<ImportCounts> {
  const isEmbedded = places.database.url === undefined;
  const claim = isEmbedded ? await claimDataDir(places.dataDir, { address: "npm run import" }) : undefined;
  try {
    return await importInto(places, file, onProgress);
  } catch (error) {
    if (toDomainError(error).code !== "UNAVAILABLE") throw error;
    throw new CommandError("The database does not answer, so nothing was imported. Start it, or correct DATABASE_URL.");
  } finally {
    await claim?.release();
  }
}

async function importInto(places: DataPlaces, file: string, onProgress: OnProgress): Promise<ImportCounts> {
  const { url } = places.database;
  const database = await openDatabase({ url, dataDir: places.dataDir, entities, migrations, isPatient: true });
  try {
    await migrate(database, migrations);
    const epoch = await checkOrigin(database.fork());
    const parts = { clock: systemClock, logger: createLogger("silent") };
    const broker = await openBroker({ url: places.redis.url, epoch, ...parts });
    const files = openFileStore(places);
    try {
      const services = { ...parts, files, pubsub: broker.pubsub };
      const findFile = filesBeside(dirname(file));
      return await importFile({ database, services }, { source: createReadStream(file), findFile, onProgress });
    } finally {
      files.storage.close();
      await broker.close();
    }
  } finally {
    await database.close();
  }
}

async function main(args: readonly string[]): Promise<void> {
  const request = parseImportRequest(args);
  if (request === "help") {
    process.stdout.write(HELP);
    return;
  }
  const line = createProgressLine(process.stderr);
  const counts = await runImport(readDataPlaces(), request.file, line.show).finally(() => line.clear());
  process.stdout.write(`${describeCounts(counts)}\n`);
}

if (process.argv[1] === import.meta.filename) await runCommand(() => main(process.argv.slice(2)));
