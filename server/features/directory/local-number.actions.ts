import type { SqlEntityManager } from "@mikro-orm/sql";
import { takeLock, type AdvisoryLock } from "../../platform/advisory-lock.js";
import { parseId, type Brand } from "../../platform/ids.js";
import { intArray, query, sql } from "../../platform/sql.js";

/** What is copied from the host product under a number of our own. */
export type CopiedTable = "chat_user" | "chat_project";

const LOCKS: Readonly<Record<CopiedTable, AdvisoryLock>> = { chat_user: "newUsers", chat_project: "newProjects" };

/** Host numbers beyond this are not taken over: a single one near the end would leave none to count on with. */
export const MAX_SHARED_NUMBER = 1_000_000_000;

/** Until COMMIT nobody else puts new rows into the table. What is read after it is complete. */
export async function lockNewcomers(tx: SqlEntityManager, table: CopiedTable): Promise<void> {
  await takeLock(tx, LOCKS[table]);
}

/**
 * Numbers for new rows, in the order of their host ids: the host product's own number if it has one and it is free,
 * else the next. The sequence stands behind all of them, so that whoever just inserts meets none. Needs the lock on
 * newcomers: a number that is free here stays so.
 */
export async function takeNumbers<Id extends Brand<number, string>>(
  tx: SqlEntityManager,
  table: CopiedTable,
  hostIds: readonly string[],
): Promise<readonly Id[]> {
  const wanted = hostIds.map((hostId) => {
    const number = parseId<Id>(hostId);
    return number === undefined || number > MAX_SHARED_NUMBER ? undefined : number;
  });
  const taken = await takenNumbers(
    tx,
    table,
    wanted.filter((number) => number !== undefined),
  );
  const shared = wanted.map((number) => (number === undefined || taken.has(number) ? undefined : number));
  await moveSequencePast(
    tx,
    table,
    shared.reduce<number>((most, number) => Math.max(most, number ?? 0), 0),
  );
  const next = await nextNumbers<Id>(tx, table, shared.filter((number) => number === undefined).length);
  let used = 0;
  return shared.map((number) => {
    const id = number ?? next[used++];
    if (id === undefined) throw new Error(`${table} has no more numbers.`);
    return id;
  });
}

async function takenNumbers(
  tx: SqlEntityManager,
  table: CopiedTable,
  numbers: readonly number[],
): Promise<ReadonlySet<number>> {
  if (numbers.length === 0) return new Set();
  const rows = await query<{ id: number }>(
    tx,
    sql`select id from ${sql.table(table)} where id = any(${intArray(numbers)})`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Past what is about to be taken, and past what somebody may have put there without it. */
async function moveSequencePast(tx: SqlEntityManager, table: CopiedTable, number: number): Promise<void> {
  const sequence = sequenceOf(table);
  await query(
    tx,
    sql`select setval(${sequence}::regclass, m.past) from ${sql.table(sequence)} s,
          (select greatest(max(id), ${number}) as past from ${sql.table(table)} where id <= ${MAX_SHARED_NUMBER}) m
        where m.past >= s.last_value and m.past > 0`,
  );
}

async function nextNumbers<Id>(tx: SqlEntityManager, table: CopiedTable, count: number): Promise<readonly Id[]> {
  if (count === 0) return [];
  const rows = await query<{ id: Id }>(
    tx,
    sql`select nextval(${sequenceOf(table)}::regclass)::int as id from generate_series(1, ${count}::int)`,
  );
  return rows.map(({ id }) => id);
}

const sequenceOf = (table: CopiedTable): string => `${table}_id_seq`;
