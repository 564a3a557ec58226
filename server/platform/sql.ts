import type { SqlEntityManager } from "@mikro-orm/sql";
import { sql, type RawBuilder } from "kysely";
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

/** As {@link query}, for a statement that answers with one row at most. */
export async function queryOne<Row>(em: SqlEntityManager, statement: RawBuilder<Row>): Promise<Row | undefined> {
  const rows = await query(em, statement);
  return rows[0];
}

/** A list as one bound array parameter: `where id = any(${intArray(ids)})`. */
export function intArray(values: readonly number[]): RawBuilder<readonly number[]> {
  return sql`${`{${values.join(",")}}`}::int[]`;
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
