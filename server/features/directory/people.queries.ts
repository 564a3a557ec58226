import type { SqlEntityManager } from "@mikro-orm/sql";
import { prepared, sql, type Bound, type RawBuilder, type Written } from "../../platform/sql.js";
import type { User } from "./directory.js";
import { toUser, userColumns, type UserRow } from "./directory.queries.js";

/** Things that name people, what was read beside them, and the people whom all of these name. */
export interface WithPeople<Row, Beside> {
  readonly rows: readonly Row[];
  readonly beside: readonly Beside[];
  readonly users: readonly User[];
}

/** The names of all columns of a row: one that is forgotten would be read as undefined. */
export type Columns<Row> = Readonly<Record<keyof Row & string, true>>;

/** What of rows is read, in which order. */
interface Listed<Row> {
  readonly columns: Columns<Row>;
  /** Of what was found, which is `f`. */
  readonly order: RawBuilder<unknown>;
}

/** What is selected, and what of it is read. */
export interface Found<Row> extends Listed<Row> {
  /** Has a column `user_id`. */
  readonly select: RawBuilder<unknown>;
}

const PEOPLE: Listed<UserRow> = {
  columns: { id: true, host_id: true, username: true, display_name: true, is_deleted: true },
  order: sql`f.id`,
};

/** The cells of each column; null where there is no row. */
type Lists = Readonly<Record<string, readonly unknown[] | null>>;

interface PeopleRow {
  readonly found: Lists;
  readonly beside: Lists | null;
  readonly users: Lists;
}

/**
 * What is found, with the people whom its column `user_id` names: one statement, and one value each, as a driver spends
 * more on the cells of a row than on JSON. It comes as a list for each column: a name for each cell, and a look at its
 * type, cost the database more than finding it.
 * @param beside what belongs to what is found, and is read from it, which is `found`
 */
export function withPeople<Parameters extends Bound<Parameters>, Row, Beside = never>(
  write: (parameters: Written<Parameters>) => Found<Row>,
  beside?: Found<Beside>,
): (em: SqlEntityManager, parameters: Parameters) => Promise<WithPeople<Row, Beside>> {
  const statement = prepared<Parameters, PeopleRow>((parameters) => {
    const found = write(parameters);
    const [also, others, more] =
      beside === undefined
        ? [sql``, sql``, sql`null::json`]
        : [
            sql`, beside as materialized (${beside.select})`,
            sql`union select user_id from beside`,
            listsOf("beside", beside),
          ];
    // The planner takes an array for short: it looks each of these people up, and does not read through all there are. Each
    // is in it once, so that it is no longer than there are people, should it read through them after all.
    return sql`with found as materialized (${found.select}) ${also}
      , people as (select ${userColumns} from chat_user u where u.id = any(array(select distinct user_id from found ${others})))
      select ${listsOf("found", found)} as found, ${more} as beside, ${listsOf("people", PEOPLE)} as users`;
  });
  return async (em, parameters) => {
    const [row] = await statement(em, parameters);
    return {
      rows: rowsOf<Row>(row?.found ?? {}),
      beside: rowsOf<Beside>(row?.beside ?? {}),
      users: rowsOf<UserRow>(row?.users ?? {}).map(toUser),
    };
  };
}

function listsOf<Row>(name: "found" | "beside" | "people", { columns, order }: Listed<Row>): RawBuilder<unknown> {
  const lists = Object.keys(columns).map((column) => sql`${sql.lit(column)}, json_agg(${sql.ref(`f.${column}`)})`);
  return sql`(select json_build_object(${sql.join(lists)}) from (select * from ${sql.ref(name)} f order by ${order}) f)`;
}

function rowsOf<Row>(lists: Lists): readonly Row[] {
  const rows: Record<string, unknown>[] = [];
  for (const [column, cells] of Object.entries(lists)) {
    for (const [index, cell] of (cells ?? []).entries()) (rows[index] ??= {})[column] = cell;
  }
  return parseRows<Row>(rows);
}

/** They have the columns that were asked for. */
function parseRows<Row>(rows: readonly unknown[]): readonly Row[] {
  return rows as readonly Row[];
}
