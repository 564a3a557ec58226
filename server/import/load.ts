import type { SqlEntityManager } from "@mikro-orm/sql";
import { jsonb, query, sql } from "../platform/sql.js";
import type { ExactTime } from "./exact-time.js";
import type { RecordKind } from "./records.js";

/** How many records of a kind an import brought, and how many of the file's were there already. */
export interface Count {
  new: number;
  known: number;
}

/** One import while it runs: first all lines are staged in temporary tables, checked, and only then stored. */
export interface Load {
  readonly tx: SqlEntityManager;
  /** Nothing can have been written after this. */
  readonly now: ExactTime;
  readonly counts: Readonly<Record<RecordKind, Count>>;
}

/** Opens an import in a transaction, with empty temporary tables that go with it. */
export async function openLoad(tx: SqlEntityManager, now: ExactTime): Promise<Load> {
  for (const [table, columns] of Object.entries(STAGES)) {
    await query(tx, sql`create temporary table ${sql.table(table)} (${sql.raw(columns)}) on commit drop`);
  }
  const none = (): Count => ({ new: 0, known: 0 });
  return { tx, now, counts: { user: none(), project: none(), room: none(), message: none() } };
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
    "line int, id int primary key, room_id int, user_id int, content text, created_at timestamptz(6), edited_at timestamptz(6)",
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
