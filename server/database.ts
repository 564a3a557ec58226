import type { Config } from "./config.js";
import { entities } from "./entities.js";
import { checkOrigin, checkOriginBy } from "./features/feed/feed.origin.js";
import { migrations } from "./migrations/migrations.js";
import { DatabaseIsForgetful, durabilityFaults } from "./platform/durability.js";
import { databaseCode, isDatabaseAway } from "./platform/errors.js";
import type { Logger } from "./platform/logger.js";
import { migrate } from "./platform/migrate.js";
import { openDatabase, type Database } from "./platform/orm.js";
import type { Clock } from "./platform/time.js";
import { pause, sayFromTimeToTime, type Wait } from "./platform/wait.js";

const RETRY_AT_START_MS = 1_000;

export interface DatabaseParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly wait: Wait;
  /** One that is open already. */
  readonly database?: Database | undefined;
}

/** The database as the server works on it, and its epoch. */
export interface ReadyDatabase {
  readonly database: Database;
  readonly epoch: string;
}

/**
 * Opens the database, migrates it, and has every connection checked from then on. While nobody answers there yet it
 * waits; what waiting does not mend (a wrong password, no such database, a newer version's) it throws.
 * @throws the reason of `parts.wait` when that is ended; DatabaseIsNewer, DatabaseIsForgetful, or the database's own
 */
export async function openReadyDatabase(config: Config, parts: DatabaseParts): Promise<ReadyDatabase> {
  const { url } = config.database;
  const database = parts.database ?? (await openDatabase({ url, dataDir: config.dataDir, entities, migrations }));
  try {
    const epoch = await whenThere(url, parts, async () => {
      await requireDurable(database, config.production, parts.logger);
      await migrate(database, migrations);
      return checkOrigin(database.fork());
    });
    database.checkConnections(checkOriginBy);
    return { database, epoch };
  } catch (error) {
    if (parts.database === undefined) await database.close();
    throw error;
  }
}

/** What is answered with success shall be stored: in production nothing less will do. */
async function requireDurable(database: Database, production: boolean, logger: Logger): Promise<void> {
  const faults = await durabilityFaults(database);
  if (faults.length > 0 && production) throw new DatabaseIsForgetful(faults.join("\n"));
  for (const fault of faults) logger.warn(fault);
}

async function whenThere<Result>(
  url: string | undefined,
  { clock, wait }: DatabaseParts,
  work: () => Promise<Result>,
): Promise<Result> {
  const say = sayFromTimeToTime(wait, clock);
  for (;;) {
    wait.stop.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (url === undefined || !isDatabaseAway(error)) throw error;
      say(describeWait(url, error));
    }
    await pause(clock, RETRY_AT_START_MS, wait.stop);
  }
}

/** Says where, without the password, and why. */
function describeWait(url: string, error: unknown): string {
  const { host, pathname } = new URL(url);
  return (
    `Waiting for the database of DATABASE_URL. postgres://${host}${pathname}: it can't be used yet (${databaseCode(error) ?? "no answer"}). ` +
    "Start it, or correct the address; Parley goes on as soon as it answers."
  );
}
