import { importEntries, inImport, type ImportParts } from "../import/import.js";
import { query, sql } from "../platform/sql.js";
import { findDemoFile } from "./demo-files.js";
import { demoRecords } from "./demo-records.js";

/**
 * Imports the demo's people, projects, rooms and messages with their files, once: a database that has people is left as it is. Of
 * several nodes that start at once one does it, and the others find it done.
 * @param now when the history is to end, but for some minutes
 */
export async function loadDemoData(parts: ImportParts, now = new Date()): Promise<void> {
  await inImport(parts, async (transaction) => {
    const known = await query(transaction.tx, sql`select 1 from chat_user limit 1`);
    if (known.length > 0) return;
    const entries = demoRecords(now).map((value, index) => ({ line: index + 1, value, bytes: 0 }));
    await importEntries(transaction, entries, { now, findFile: findDemoFile });
  });
}
