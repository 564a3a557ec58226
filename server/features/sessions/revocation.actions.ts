import type { SqlEntityManager } from "@mikro-orm/sql";
import { badInput } from "../../platform/errors.js";
import { parseInput } from "../../platform/input.js";
import type { Revocation } from "../../platform/revoked-tokens.js";
import type { HostScope, Services } from "../../platform/scope.js";
import { jsonb, query, sql } from "../../platform/sql.js";
import { CLOCK_TOLERANCE_MS, MAX_TOKEN_LIFE_MS } from "../../platform/tokens.js";
import type { AuditEntry } from "../audit/audit.js";
import { commit } from "../feed/feed.actions.js";
import { REVOCATIONS_TOPIC, revocationsInput, type RevocationCounts, type RevocationRow } from "./revocation.js";

/**
 * Ends tokens before their time: all of them or, for one bad row, none. Requests with such a token are refused from now
 * on by this node, and by the others as soon as they have heard of it (seconds where no broker connects them); its open
 * sockets are closed. Saying the same again changes nothing, and nothing is ever taken back: new tokens count.
 * @param input `{ revocations: [{ tokenId, expiresAt? } | { userId, issuedBefore? }] }`: a token by its `jti`, and when
 *   it expires by itself, if that is known; or a user by the host product's id, whose tokens count no more that were
 *   issued before a moment, now if none is named
 * @throws DomainError BAD_USER_INPUT with the row and its field, such as `revocations[0].issuedBefore`
 */
export async function revokeTokens(scope: HostScope, input: unknown): Promise<RevocationCounts> {
  const { revocations: rows } = parseInput(revocationsInput, input);
  const nowMs = scope.services.clock.now().getTime();
  const revocations = rows.map((row, index) => toRevocation(row, index, nowMs));
  const revoked = await commit(scope, async ({ tx, audit }) => {
    await audit(revocations.map(entryOf));
    return store(tx, revocations);
  });
  scope.services.revokedTokens.add(revocations);
  tell(scope.services);
  return { revoked };
}

/** A token's row is kept until the token has expired: as the host product says, or else for as long as any token may live. */
function toRevocation(
  { tokenId, expiresAt, userId, issuedBefore }: RevocationRow,
  index: number,
  nowMs: number,
): Revocation {
  if (typeof tokenId === "string")
    return { tokenId, untilMs: (expiresAt ?? nowMs + MAX_TOKEN_LIFE_MS) + CLOCK_TOLERANCE_MS };
  const issuedBeforeMs = issuedBefore ?? nowMs;
  // It would lock them out until then, whatever they do: most likely a slip.
  if (issuedBeforeMs > nowMs + CLOCK_TOLERANCE_MS)
    throw badInput(`revocations[${index}].issuedBefore`, "This moment is still to come. Leave it out for now.");
  return { hostId: userId ?? "", issuedBeforeMs };
}

/** Names the token by its id, by which nobody can use it. */
const entryOf = (each: Revocation): AuditEntry => ({
  action: "tokens_revoked",
  details:
    "tokenId" in each
      ? { token_id: each.tokenId }
      : { user_host_id: each.hostId, issued_before: new Date(each.issuedBeforeMs).toISOString() },
});

/** Two statements, however many there are; in one order, so that two calls at once don't wait for each other. */
async function store(tx: SqlEntityManager, revocations: readonly Revocation[]): Promise<number> {
  const wanted = revocations.map((each) =>
    "tokenId" in each
      ? { token: each.tokenId, until: new Date(each.untilMs) }
      : { host: each.hostId, before: new Date(each.issuedBeforeMs) },
  );
  const rows = sql`jsonb_to_recordset(${jsonb(wanted)}) as x(token text, host text, before timestamptz, until timestamptz)`;
  const ofTokens = await query(
    tx,
    sql`insert into chat_revocation as r (token_id, until, changed_at)
        select token, max(until), clock_timestamp() from ${rows} where token is not null group by token order by token
        on conflict (token_id) do update set until = greatest(r.until, excluded.until), changed_at = excluded.changed_at
        returning 1`,
  );
  const ofPeople = await query(
    tx,
    sql`insert into chat_revocation as r (host_id, issued_before, until, changed_at)
        select host, max(before), 'infinity', clock_timestamp() from ${rows} where host is not null group by host order by host
        on conflict (host_id) do update set issued_before = greatest(r.issued_before, excluded.issued_before),
          until = excluded.until, changed_at = excluded.changed_at
        returning 1`,
  );
  return ofTokens.length + ofPeople.length;
}

/** The others read it by themselves: one that does not hear this looks every few seconds. */
function tell({ pubsub, logger }: Services): void {
  pubsub.publish(REVOCATIONS_TOPIC, "").catch(() => logger.debug("a revocation was not published; nodes will find it"));
}

/** Removes what concerns no token any more. Resolves to how many rows that were. */
export async function removeExpiredRevocations(em: SqlEntityManager, now: Date): Promise<number> {
  const rows = await query(
    em,
    sql`delete from chat_revocation where until < ${now.toISOString()}::timestamptz returning 1`,
  );
  return rows.length;
}
