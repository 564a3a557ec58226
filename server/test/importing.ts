import { filesBeside } from "../import/files.js";
import { importFile, type ImportCounts } from "../import/import.js";
import type { Database } from "../platform/orm.js";
import type { Services } from "../platform/scope.js";
import { query, sql } from "../platform/sql.js";

/** A line of a file: a record, or whatever text somebody may have put there. */
export type FileLine = object | string;

/** A file as a stream gives it: in pieces that end anywhere. */
export async function* fileOf(lines: readonly FileLine[], pieceBytes = 1_000): AsyncGenerator<Uint8Array, void> {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}

/** Imports these lines as a file. */
export function importLines(
  parts: { readonly database: Database; readonly services: Services },
  ...lines: readonly FileLine[]
): Promise<ImportCounts> {
  return importFile(parts, { source: fileOf(lines), findFile: noFiles });
}

/** Where there are no files. */
export const noFiles = filesBeside("/there/is/no/such/folder");

/** Imports these lines as a file that lies in a folder. */
export function importBeside(
  parts: { readonly database: Database; readonly services: Services },
  folder: string,
  ...lines: readonly FileLine[]
): Promise<ImportCounts> {
  return importFile(parts, { source: fileOf(lines), findFile: filesBeside(folder) });
}

const TABLES = [
  ...["chat_user", "chat_project", "chat_membership", "chat_room", "chat_participant", "chat_message"],
  ...["chat_attachment", "message_reaction", "chat_mention", "feed_stream", "feed_entry"],
];

/** All that is stored, to see whether anything has changed. */
export async function contentOf(database: Database): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const content: Record<string, readonly unknown[]> = {};
  for (const table of TABLES) {
    content[table] = await query(database.fork(), sql`select * from ${sql.table(table)} t order by t::text`);
  }
  return content;
}
