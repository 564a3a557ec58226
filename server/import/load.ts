import type { SqlEntityManager } from "@mikro-orm/sql";
import type { LoggedAttachment } from "../features/attachments/attachment.js";
import type { FileServices } from "../features/attachments/attachment.upload.js";
import { jsonb, query, sql } from "../platform/sql.js";
import type { ExactTime } from "./exact-time.js";
import type { FindFile } from "./files.js";
import type { RecordKind } from "./records.js";

/** How many records of a kind an import brought, and how many of the file's were there already. */
export interface Count {
  new: number;
  known: number;
}

/** The transaction that an import is, and the files that it has stored: whoever opened it removes them if it fails. */
export interface ImportTransaction {
  readonly tx: SqlEntityManager;
  readonly services: FileServices;
  readonly stored: LoggedAttachment[];
}

/**
 * One import while it runs: first all lines are staged in temporary tables, checked, and only then stored. Files are
 * stored one after the other while their lines are staged.
 */
export interface Load extends ImportTransaction {
  /** Nothing can have been written after this. */
  readonly now: ExactTime;
  readonly findFile: FindFile;
  readonly counts: Readonly<Record<RecordKind, Count>>;
}

/** Opens an import in a transaction, with empty temporary tables that go with it. */
export async function openLoad(
  transaction: ImportTransaction,
  { now, findFile }: Pick<Load, "now" | "findFile">,
): Promise<Load> {
  for (const [table, columns] of Object.entries(STAGES)) {
    await query(transaction.tx, sql`create temporary table ${sql.table(table)} (${sql.raw(columns)}) on commit drop`);
  }
  const none = (): Count => ({ new: 0, known: 0 });
  return { ...transaction, now, findFile, counts: { user: none(), project: none(), room: none(), message: none() } };
}

/**
 * What is new in the file. `line` is where it stands there: its uses come after it, and it may be refused only in the end.
 * What is stored already stands before every line, on line 0.
 */
const STAGES = {
  import_user: "line int, id int primary key, host_id text unique, username text, display_name text",
  import_project: "line int, id int primary key, host_id text unique, name text",
  import_member: "line int, project_id int, user_id int, primary key (project_id, user_id)",
  import_room:
    "line int, id int primary key, type text, name text, project_id int, created_by_id int, direct_pair text, created_at timestamptz(6), unique (project_id, direct_pair)",
  import_participant:
    "line int, room_id int, user_id int, place int, joined_at timestamptz(6), last_read_at timestamptz(6), has_read_all boolean, primary key (room_id, user_id)",
  import_message:
    "line int, id int primary key, room_id int, user_id int, content text, type text, created_at timestamptz(6), edited_at timestamptz(6)",
  import_attachment:
    "message_id int primary key, key text, name text, size int, content_type text, width int, height int, thumbnail_size int, sha256 text",
  import_reaction:
    "message_id int, user_id int, emoji text, created_at timestamptz(6), primary key (message_id, user_id, emoji)",
  import_mention: "message_id int, name text",
} as const;

export type Stage = keyof typeof STAGES;

/** Puts rows into a stage: objects whose keys are its columns. What is absent is null. */
export async function stage(tx: SqlEntityManager, table: Stage, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await query(
    tx,
    sql`insert into ${sql.table(table)} select * from jsonb_populate_recordset(null::${sql.table(table)}, ${jsonb(rows)})`,
  );
}
