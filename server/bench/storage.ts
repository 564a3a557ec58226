import pg from "pg";
import { figure, type Report } from "./report.js";

interface TableSize {
  readonly name: string;
  readonly rows: string;
  readonly table_bytes: string;
  readonly index_bytes: string;
}

const TABLES = ["chat_message", "feed_entry"];

/** How much room a message takes in the database: itself, which is kept, and its entry in the log, which goes after a month. */
export async function measureStorage(databaseUrl: string, report: Report): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<TableSize>(
      `select relname as name, reltuples::bigint as rows, pg_table_size(oid) as table_bytes, pg_indexes_size(oid) as index_bytes
       from pg_class where relname = any($1) order by relname`,
      [TABLES],
    );
    const each = (bytes: string, count: string): string => figure(Number(bytes) / Number(count));
    report.table(
      "What a message of a dozen words takes in the database",
      ["table", "bytes", "of indexes", "rows"],
      rows.map((row) => [
        row.name,
        each(row.table_bytes, row.rows),
        each(row.index_bytes, row.rows),
        Number(row.rows).toLocaleString("en"),
      ]),
    );
  } finally {
    await client.end();
  }
}
