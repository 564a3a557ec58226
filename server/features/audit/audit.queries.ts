import type { SqlEntityManager } from "@mikro-orm/sql";
import { query, sql, type RawBuilder } from "../../platform/sql.js";
import { toIsoTime } from "../../platform/time.js";
import type { AuditLine, AuditQuery } from "./audit.js";

type AuditRow = Omit<AuditLine, "at" | "actor"> & { readonly at: Date | string; readonly is_host: boolean };

/** The newest entries that are asked for, oldest of them first. */
export async function auditTrail(
  em: SqlEntityManager,
  { since, user, action, room, limit }: AuditQuery,
): Promise<readonly AuditLine[]> {
  const people = sql`(select id from chat_user where username = ${user ?? ""} or host_id = ${user ?? ""})`;
  const conditions: readonly (RawBuilder<unknown> | undefined)[] = [
    since === undefined ? undefined : sql`a.at >= ${since}::timestamptz`,
    user === undefined ? undefined : sql`(a.actor_id in ${people} or a.user_id in ${people})`,
    action === undefined ? undefined : sql`a.action = ${action}`,
    room === undefined ? undefined : sql`a.room_id = ${room}`,
  ];
  const where = sql.join([sql`true`, ...conditions.filter((each) => each !== undefined)], sql` and `);
  const rows = await query<AuditRow>(
    em,
    sql`select a.at, a.action, a.is_host, a.actor_id, u.host_id as actor_host_id, a.transport, a.address, a.request_id,
          a.room_id, a.message_id, a.user_id, a.details
        from chat_audit a left join chat_user u on u.id = a.actor_id
        where ${where} order by a.at desc, a.id desc limit ${limit}`,
  );
  return rows.toReversed().map(({ is_host, at, action: done, ...row }) => {
    const actor = is_host ? "host" : row.actor_id === null ? "stranger" : "person";
    return { at: toIsoTime(at), action: done, actor, ...row };
  });
}
