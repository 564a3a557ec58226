import type { SqlEntityManager } from "@mikro-orm/sql";
import type { Revocation } from "../../platform/revoked-tokens.js";
import { query, sql } from "../../platform/sql.js";

/**
 * Longer than a row may wait for its commit, which has its time from the statement that wrote it: that one may run for
 * 10 s, and another after it, each with up to 15 s of idling behind it.
 */
const MARGIN_MS = 60_000;

interface RevocationRow {
  readonly now: string;
  readonly token_id: string | null;
  readonly host_id: string | null;
  readonly issued_before: Date | string | null;
  readonly until: Date | string | number | null;
}

/**
 * What was revoked since a moment of the database's, or all there is; and the database's time, to ask from the next
 * time. What is committed late is found, and most of the last seconds is found twice.
 */
export async function revocationsSince(
  em: SqlEntityManager,
  since: string | undefined,
): Promise<{ readonly now: string; readonly revocations: readonly Revocation[] }> {
  // A database that has become another's (a failover) may be behind the time that was told before.
  const from = since === undefined ? sql`'-infinity'::timestamptz` : sql`least(${since}::timestamptz, n.now)`;
  const rows = await query<RevocationRow>(
    em,
    sql`select n.now::text as now, r.token_id, r.host_id, r.issued_before, r.until
        from (select clock_timestamp() as now) n
        left join chat_revocation r on r.changed_at >= ${from} - ${MARGIN_MS} * interval '1 millisecond'`,
  );
  return { now: rows[0]?.now ?? "", revocations: rows.flatMap((row) => toRevocation(row) ?? []) };
}

function toRevocation({ token_id, host_id, issued_before, until }: RevocationRow): Revocation | undefined {
  if (token_id !== null && until !== null) return { tokenId: token_id, untilMs: new Date(until).getTime() };
  if (host_id === null || issued_before === null) return undefined;
  return { hostId: host_id, issuedBeforeMs: new Date(issued_before).getTime() };
}
