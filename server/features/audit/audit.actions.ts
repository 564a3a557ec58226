import type { SqlEntityManager } from "@mikro-orm/sql";
import { batchesOf } from "../../platform/batches.js";
import type { Subject } from "../../platform/errors.js";
import { warnOf } from "../../platform/outage.js";
import type { CountedRefusal } from "../../platform/refusals.js";
import { repeat } from "../../platform/repeat.js";
import type { Scope, HostScope, Services } from "../../platform/scope.js";
import { jsonb, query, sql } from "../../platform/sql.js";
import type { IsoTime } from "../../platform/time.js";
import type { AuditAuthor, AuditEntry } from "./audit.js";

/** So many rows are written by one statement. */
const BATCH = 2_000;
const FLUSH_EVERY_MS = 60_000;

/** An entry with its author; without a time it is of now. */
export interface AuditRecord extends AuditAuthor, AuditEntry {
  readonly at?: IsoTime | undefined;
}

/** Who asks, as the trail has it. */
export function authorOf(scope: Scope | HostScope): AuditAuthor {
  const { via } = scope;
  return "actor" in scope ? { actorId: scope.actor.id, isHost: false, via } : { actorId: null, isHost: true, via };
}

/** Appends to the audit trail, in the transaction of what it tells of. The only statement that touches its table but reads. */
export async function recordAudit(tx: SqlEntityManager, records: readonly AuditRecord[]): Promise<void> {
  for (const batch of batchesOf(records, BATCH)) {
    const rows = batch.map(({ via, details = {}, ...record }) => ({ ...record, ...via, details }));
    await query(
      tx,
      sql`insert into chat_audit
            (at, action, actor_id, is_host, transport, address, request_id, room_id, message_id, user_id, details)
          select coalesce(at, clock_timestamp()), action, "actorId", "isHost", transport, left(address, 64),
            left("requestId", 64), "roomId", "messageId", "userId", details
          from jsonb_to_recordset(${jsonb(rows)}) as x(at timestamptz, action text, "actorId" int, "isHost" boolean,
            transport text, address text, "requestId" text, "roomId" int, "messageId" int, "userId" int, details jsonb)`,
    );
  }
}

export interface RefusalsParts {
  /** A fresh entity manager for one look. */
  readonly fork: () => SqlEntityManager;
  readonly services: Pick<Services, "refusals" | "clock" | "logger">;
  /** Those of them that are about something which exists, and which their actor may not see. */
  readonly hidden: (em: SqlEntityManager, refusals: readonly CountedRefusal[]) => Promise<readonly CountedRefusal[]>;
}

/**
 * Writes down once a minute what was refused: counted, and after its answer, so that nobody can tell by its time whether
 * there was something to hide. The answer ends it, when the last minute is written.
 */
export function keepRefusals(parts: RefusalsParts): () => Promise<void> {
  const end = repeat(parts.services.clock, FLUSH_EVERY_MS, () => flush(parts));
  return async () => {
    await end();
    await flush(parts);
  };
}

async function flush({ fork, services: { refusals, logger }, hidden }: RefusalsParts): Promise<void> {
  const taken = refusals.take();
  if (taken.length === 0) return;
  try {
    const isDoubtful = ({ code, subject }: CountedRefusal) => code === "NOT_FOUND" && !isEmpty(subject);
    const { true: absent = [], false: others = [] } = Object.groupBy(taken, (each) => `${isDoubtful(each)}`);
    const found = absent.length === 0 ? [] : await hidden(fork(), absent);
    await recordAudit(fork(), [...others, ...found].map(toRecord));
  } catch (error) {
    refusals.putBack(taken);
    warnOf(logger, error, "what was refused could not be written down yet", { lines: taken.length });
  }
}

function toRecord({ code, subject, reason, count, ...refused }: CountedRefusal): AuditRecord {
  const action = code === "UNAUTHENTICATED" ? "token_refused" : "access_refused";
  const why = reason === undefined ? { code } : { reason };
  // The rest of many things: it was not kept which, so nobody can ask whether there was anything to hide.
  const isUnverified = code === "NOT_FOUND" && isEmpty(subject);
  return { ...refused, ...subject, action, details: { count, ...why, ...(isUnverified ? { unverified: true } : {}) } };
}

const isEmpty = (subject: Subject): boolean => Object.keys(subject).length === 0;
