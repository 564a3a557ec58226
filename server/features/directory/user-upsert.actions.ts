import type { SqlEntityManager } from "@mikro-orm/sql";
import type { UserId } from "../../platform/ids.js";
import { intArray, jsonb, query, sql } from "../../platform/sql.js";
import type { User } from "./directory.js";
import { toUser } from "./directory.queries.js";
import type { UpsertCounts, UserRow } from "./host-rows.js";
import { lockNewcomers, takeNumbers } from "./local-number.actions.js";

/** Somebody as stored: with their names also when they are deleted. */
interface Copy {
  readonly id: UserId;
  readonly host_id: string;
  readonly username: string;
  readonly display_name: string;
  readonly is_deleted: boolean;
}

/** What the host product's rows come to: nothing is written yet. */
export interface UsersPlan {
  readonly fresh: readonly UserRow[];
  /** How these shall be from now on. */
  readonly changed: readonly Copy[];
  /** Those of the changed who are deleted by it, as everybody sees them then. */
  readonly deleted: readonly User[];
  /** Those of the changed who are there, under their new names. */
  readonly renamed: readonly User[];
  readonly counts: UpsertCounts;
}

/** Holds what the host product says of its people against what is stored. What it does not say stays as it is. */
export async function planUsers(tx: SqlEntityManager, rows: readonly UserRow[]): Promise<UsersPlan> {
  const hostIds = rows.map(({ id }) => id);
  let known = await copiesOf(tx, hostIds);
  if (known.size < rows.length) {
    await lockNewcomers(tx, "chat_user");
    known = await copiesOf(tx, hostIds);
  }
  const fresh = rows.filter(({ id }) => !known.has(id));
  const pairs = rows.flatMap((row) => {
    const before = known.get(row.id);
    return before === undefined ? [] : [{ before, after: changedBy(row, before) }];
  });
  const differing = pairs.filter(({ before, after }) => differs(before, after));
  const changed = differing.map(({ after }) => after);
  return {
    fresh,
    changed,
    deleted: differing.flatMap(({ before, after }) => (after.is_deleted && !before.is_deleted ? [toUser(after)] : [])),
    renamed: changed.filter(({ is_deleted }) => !is_deleted).map(toUser),
    counts: { created: fresh.length, changed: changed.length, unchanged: pairs.length - changed.length },
  };
}

async function copiesOf(tx: SqlEntityManager, hostIds: readonly string[]): Promise<ReadonlyMap<string, Copy>> {
  const rows = await query<Copy>(
    tx,
    sql`select u.id, u.host_id, u.username, u.display_name, u.deleted_at is not null as is_deleted from chat_user u
        where u.host_id in (select jsonb_array_elements_text(${jsonb(hostIds)}))`,
  );
  return new Map(rows.map((row) => [row.host_id, row]));
}

function changedBy(row: UserRow, before: Copy): Copy {
  return {
    ...before,
    username: row.username ?? before.username,
    display_name: row.displayName ?? before.display_name,
    is_deleted: row.isDeleted ?? before.is_deleted,
  };
}

const differs = (before: Copy, after: Copy): boolean =>
  before.username !== after.username ||
  before.display_name !== after.display_name ||
  before.is_deleted !== after.is_deleted;

/**
 * Writes what was planned, and takes the deleted out of all projects; their participations are the rooms' to end.
 * @param at when the host product says so: a token from before it changes these names no more
 */
export async function storeUsers(tx: SqlEntityManager, plan: UsersPlan, at: Date): Promise<void> {
  await insertUsers(tx, plan.fresh, at);
  await updateUsers(tx, plan.changed, at);
  if (plan.deleted.length > 0)
    await query(
      tx,
      sql`delete from chat_membership where user_id = any(${intArray(plan.deleted.map(({ id }) => id))})`,
    );
}

async function insertUsers(tx: SqlEntityManager, fresh: readonly UserRow[], at: Date): Promise<void> {
  if (fresh.length === 0) return;
  const ids = await takeNumbers<UserId>(
    tx,
    "chat_user",
    fresh.map(({ id }) => id),
  );
  const rows = fresh.map((row, index) => ({
    id: ids[index],
    host_id: row.id,
    username: row.username ?? row.id,
    display_name: row.displayName ?? row.username ?? row.id,
    is_deleted: row.isDeleted ?? false,
  }));
  await query(
    tx,
    sql`insert into chat_user (id, host_id, username, display_name, profile_at, deleted_at)
        select x.id, x.host_id, x.username, x.display_name, ${at.toISOString()}::timestamptz,
               case when x.is_deleted then ${at.toISOString()}::timestamptz end
        from jsonb_to_recordset(${jsonb(rows)})
          as x(id int, host_id text, username text, display_name text, is_deleted boolean)`,
  );
}

async function updateUsers(tx: SqlEntityManager, changed: readonly Copy[], at: Date): Promise<void> {
  if (changed.length === 0) return;
  await query(
    tx,
    sql`update chat_user u set username = x.username, display_name = x.display_name,
          profile_at = ${at.toISOString()}::timestamptz,
          deleted_at = case when x.is_deleted then coalesce(u.deleted_at, ${at.toISOString()}::timestamptz) end
        from jsonb_to_recordset(${jsonb(changed)})
          as x(id int, username text, display_name text, is_deleted boolean)
        where u.id = x.id`,
  );
}
