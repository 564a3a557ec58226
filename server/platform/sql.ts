import type { SqlEntityManager } from "@mikro-orm/sql";
import { sql, type CompiledQuery, type QueryExecutorProvider, type RawBuilder } from "kysely";
import { keepPrepared } from "./prepared.js";

export { sql, type RawBuilder };

/** Runs one statement with bound parameters, inside the entity manager's transaction if it has one. */
export async function query<Row>(em: SqlEntityManager, statement: RawBuilder<Row>): Promise<readonly Row[]> {
  const result = await statement.execute(em.getKysely());
  return result.rows;
}

/**
 * As {@link query}, for a statement that is sent again and again: each connection to PostgreSQL has it planned once. Its
 * plan must fit whatever its parameters are, and all that changes must be parameters, lists too.
 */
export async function queryPrepared<Row>(em: SqlEntityManager, statement: RawBuilder<Row>): Promise<readonly Row[]> {
  const kysely = em.getKysely();
  const compiled = statement.compile(kysely);
  keepPrepared(compiled.sql);
  return (await kysely.executeQuery(compiled)).rows;
}

/** As {@link queryPrepared}, for a statement that answers with one row at most. */
export async function queryOnePrepared<Row>(
  em: SqlEntityManager,
  statement: RawBuilder<Row>,
): Promise<Row | undefined> {
  const rows = await queryPrepared(em, statement);
  return rows[0];
}

/** What stands for a parameter while its statement is compiled. */
class Placeholder {
  constructor(readonly name: string) {}
}

/** What a prepared statement can be given. Of lists those of numbers alone: they are written as they are, without quotes. */
export type Bound<Parameters> = {
  readonly [Name in keyof Parameters]: string | number | boolean | null | undefined | readonly number[];
};

/** The parameters of a statement, as it is written with them. */
export type Written<Parameters> = { readonly [Name in keyof Parameters]: RawBuilder<Parameters[Name]> };

/**
 * A statement as {@link queryPrepared} sends it, that is also compiled only once: compiling costs as much as sending. It is
 * written with the names of its parameters, which get their values each time: `prepared<{ id: UserId }, UserRow>(({ id }) =>
 * sql`... where id = ${id}`)`. A list of numbers is one parameter, too: `any(${ids}::int[])`.
 */
export function prepared<Parameters extends Bound<Parameters>, Row>(
  write: (parameters: Written<Parameters>) => RawBuilder<Row>,
): (em: SqlEntityManager, parameters: Parameters) => Promise<readonly Row[]> {
  let compiled: CompiledQuery<Row> | undefined;
  const compile = (kysely: QueryExecutorProvider): CompiledQuery<Row> => {
    const fresh = write(placeholders<Parameters>()).compile(kysely);
    keepPrepared(fresh.sql);
    return fresh;
  };
  return async (em, values) => {
    const kysely = em.getKysely();
    compiled ??= compile(kysely);
    const parameters = compiled.parameters.map((parameter) =>
      parameter instanceof Placeholder ? bound(Reflect.get(values, parameter.name)) : parameter,
    );
    return (await kysely.executeQuery<Row>({ ...compiled, parameters })).rows;
  };
}

const bound = (value: unknown): unknown => (Array.isArray(value) ? arrayOf(value) : value);

/** Numbers, as the database writes an array of them. */
const arrayOf = (values: readonly number[]): string => `{${values.join(",")}}`;

/** Whatever name it is asked for, it has a placeholder for it. */
function placeholders<Parameters>(): Written<Parameters> {
  return parseWritten(new Proxy({}, { get: (_all, name) => sql`${new Placeholder(String(name))}` }));
}

function parseWritten<Parameters>(written: object): Written<Parameters> {
  return written as Written<Parameters>;
}

/** As {@link query}, for a statement that answers with one row at most. */
export async function queryOne<Row>(em: SqlEntityManager, statement: RawBuilder<Row>): Promise<Row | undefined> {
  const rows = await query(em, statement);
  return rows[0];
}

/** A list as one bound array parameter: `where id = any(${intArray(ids)})`. */
export function intArray(values: readonly number[]): RawBuilder<readonly number[]> {
  return sql`${arrayOf(values)}::int[]`;
}

/** As {@link intArray}, of texts. */
export function textArray(values: readonly string[]): RawBuilder<readonly string[]> {
  const quoted = values.map((value) => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`);
  return sql`${`{${quoted.join(",")}}`}::text[]`;
}

/** A value as one bound `jsonb` parameter. */
export function jsonb(value: unknown): RawBuilder<unknown> {
  return sql`${JSON.stringify(value)}::text::jsonb`;
}
