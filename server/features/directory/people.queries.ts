import type { SqlEntityManager } from "@mikro-orm/sql";
import { queryOnePrepared, sql, type RawBuilder } from "../../platform/sql.js";
import type { User } from "./directory.js";
import { toUser, userColumns, type UserRow } from "./directory.queries.js";

/** Things that name people, and the people whom they name. */
export interface WithPeople<Row> {
  readonly rows: readonly Row[];
  readonly users: readonly User[];
}

/** The names of all columns of a row: one that is forgotten would be read as undefined. */
export type Columns<Row> = Readonly<Record<keyof Row & string, true>>;

/** What is selected, and what of it is read, in which order. */
export interface Found<Row> {
  /** Has a column `user_id`. */
  readonly select: RawBuilder<unknown>;
  readonly columns: Columns<Row>;
  /** Of what was found, which is `f`. */
  readonly order: RawBuilder<unknown>;
}

/**
 * What is found, with the people whom its column `user_id` names: one statement, and one value each, as a driver spends
 * more on the cells of a row than on JSON. It comes as a list for each column: a name for each cell, and a look at its
 * type, cost the database more than finding it.
 */
export async function withPeople<Row>(
  em: SqlEntityManager,
  { select, columns, order }: Found<Row>,
): Promise<WithPeople<Row>> {
  const names = Object.keys(columns);
  const lists = names.map((column) => sql`${sql.lit(column)}, json_agg(${sql.ref(`f.${column}`)})`);
  const row = await queryOnePrepared<{ found: Lists; users: readonly UserRow[] | null }>(
    em,
    sql`with f as materialized (${select})
        select (select json_build_object(${sql.join(lists)}) from (select * from f order by ${order}) f) as found, (
          select json_agg(n) from (select ${userColumns} from chat_user u where u.id in (select user_id from f)) n) as users`,
  );
  return { rows: row === undefined ? [] : rowsOf(row.found, names), users: (row?.users ?? []).map(toUser) };
}

/** The cells of each column; null where there is no row. */
type Lists = Readonly<Record<string, readonly unknown[] | null>>;

function rowsOf<Row>(lists: Lists, columns: readonly string[]): readonly Row[] {
  const rows: Record<string, unknown>[] = [];
  for (const column of columns) {
    for (const [index, cell] of (lists[column] ?? []).entries()) (rows[index] ??= {})[column] = cell;
  }
  return parseRows<Row>(rows);
}

/** They have the columns that were asked for. */
function parseRows<Row>(rows: readonly unknown[]): readonly Row[] {
  return rows as readonly Row[];
}
