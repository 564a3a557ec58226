import type { DataPlaces } from "../config.js";
import { claimDataDir } from "../platform/data-dir.js";
import { databaseCode, toDomainError } from "../platform/errors.js";
import type { Database } from "../platform/orm.js";
import { CommandError } from "./command.js";

const UNDEFINED_TABLE = "42P01";

/**
 * Opens the database for a command that only reads it, and closes it again. The embedded one is claimed meanwhile, under
 * the command's name: first ask whether a server holds it (`runningServer`).
 * @throws CommandError when there is nothing to read, or nobody answers
 */
export async function withDatabase<Result>(
  { database: { url }, dataDir }: Pick<DataPlaces, "database" | "dataDir">,
  command: string,
  read: (database: Database) => Promise<Result>,
): Promise<Result> {
  const claim = url === undefined ? await claimDataDir(dataDir, { address: command }) : undefined;
  try {
    // Loaded here and not above: the database is a second's work, which many commands can do without.
    const { openDatabase } = await import("../platform/orm.js");
    const { entities } = await import("../entities.js");
    const database = await openDatabase({
      url,
      dataDir: url === undefined ? dataDir : undefined,
      entities,
      migrations: [],
    });
    try {
      return await read(database);
    } finally {
      await database.close();
    }
  } catch (error) {
    throw databaseProblem(error);
  } finally {
    await claim?.release();
  }
}

function databaseProblem(error: unknown): unknown {
  if (databaseCode(error) === UNDEFINED_TABLE) {
    return new CommandError("The database is still empty: start the server once (npm start), then try again.");
  }
  const isAway = toDomainError(error).code === "UNAVAILABLE";
  return isAway ? new CommandError("The database does not answer: start it, or correct DATABASE_URL.") : error;
}
