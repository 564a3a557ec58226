import type { Database } from "./orm.js";
import { queryOne, sql } from "./sql.js";

/** The database would lose what it has said is stored. */
export class DatabaseIsForgetful extends Error {
  override readonly name = "DatabaseIsForgetful";
}

/**
 * The settings by which a PostgreSQL may forget committed transactions in a power cut, each as a sentence with its
 * remedy. None for the embedded database, which says of itself what it survives.
 */
export async function durabilityFaults(database: Database): Promise<readonly string[]> {
  if (database.kind === "embedded") return [];
  const row = await queryOne<{ fsync: string; synchronous_commit: string }>(
    database.fork(),
    sql`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit`,
  );
  return (["fsync", "synchronous_commit"] as const)
    .filter((setting) => row?.[setting] === "off")
    .map(
      (setting) =>
        `PostgreSQL runs with ${setting} = off: messages that were acknowledged can be lost. Set ${setting} = on.`,
    );
}
