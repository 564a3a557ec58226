import type { SqlEntityManager } from "@mikro-orm/sql";
import { batchesOf } from "../../platform/batches.js";
import { databaseCode } from "../../platform/errors.js";
import { isUnusablePlan } from "../../platform/prepared.js";
import type { HostScope, Scope, Services } from "../../platform/scope.js";
import { jsonb, query, sql } from "../../platform/sql.js";
import type { Head } from "./feed.queries.js";
import { authorOf, recordAudit } from "../audit/audit.actions.js";
import type { AuditEntry } from "../audit/audit.js";
import { noSnapshots, type Delivery, type DurableEvent, type EphemeralEvent, type Snapshots } from "./room-event.js";
import type { StreamId } from "./stream.js";

/** The answer of `feed_append_v1`: what it did, and the place that the entry got. */
export interface AppendRow {
  readonly status: "appended" | "duplicate" | "not_a_member" | "gone";
  readonly epoch: string;
  readonly seq: number;
  readonly no: number;
  readonly at: Date | string;
  readonly subject_id: number | null;
}

/** A durable event and where it belongs. */
export interface Draft {
  readonly stream: StreamId;
  readonly event: DurableEvent;
  readonly actorId: number | null;
  /** The message whose words the event carries, so that they can be scrubbed when it is deleted. */
  readonly subjectId?: number;
  readonly snapshots?: Snapshots;
}

/** What a verb does inside its transaction: it changes tables by `tx`, and hands over what others shall hear of it. */
export interface Change {
  readonly tx: SqlEntityManager;
  /** Locks a stream until COMMIT, so that what is read after it is what the event will follow. Rooms before people. */
  lock(stream: StreamId): Promise<void>;
  /** As `lock`, of many, in the one order in which everybody takes them. */
  lockAll(streams: readonly StreamId[], options?: LockOptions): Promise<void>;
  /** Appends to the log; published after COMMIT. Resolves to the entry's seq. */
  emit(draft: Draft): Promise<number>;
  /**
   * As `emit`, of many, in order. Rooms' before people's, and both by number, as they are locked; and last in the
   * transaction: an entry has its time from here, and nodes look back for it only so far.
   */
  emitAll(drafts: readonly Draft[]): Promise<readonly number[]>;
  /** Writes into the audit trail, as done by whose change it is; before anything is emitted. */
  audit(entries: readonly AuditEntry[]): Promise<void>;
}

export interface LockOptions {
  /** Does not wait for a stream that another holds, but has the whole change done again: for what is found too late to be in order. */
  readonly now?: boolean;
}

/** So many entries are appended by one statement, well within the time that a statement has. */
const APPEND_BATCH = 2_000;

const MAX_TRIES = 3;
/** Serialization failure, deadlock, lock timeout: another try may well succeed. */
const RETRYABLE = new Set(["40001", "40P01", "55P03"]);

/** Does the work again when the database rolled it back for reasons that have nothing to do with it. */
export async function retrying<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const mayHelp = RETRYABLE.has(databaseCode(error) ?? "") || isUnusablePlan(error);
      if (attempt >= MAX_TRIES || !mayHelp) throw error;
    }
  }
}

/**
 * Runs a change and tells everybody after COMMIT. Nothing awaited inside may use another connection: the embedded
 * database has one.
 */
export async function commit<Result>(scope: CommitScope, change: (change: Change) => Promise<Result>): Promise<Result> {
  const { result, deliveries } = await retrying(async () => {
    const emitted: Delivery[] = [];
    const outcome = await scope.em.fork().transactional((tx) => change(changeIn(tx, scope, emitted)));
    return { result: outcome, deliveries: emitted };
  });
  for (const delivery of deliveries) publish(scope.services, delivery);
  return result;
}

/** Whose change it is: a person's, or the host product's. */
export type CommitScope = Scope | HostScope;

function changeIn(tx: SqlEntityManager, scope: CommitScope, deliveries: Delivery[]): Change {
  const lockAll: Change["lockAll"] = async (streams, { now = false } = {}) => {
    if (streams.length === 0) return;
    await query(
      tx,
      sql`select 1 from feed_stream where id = any(${`{${streams.join(",")}}`}::text[])
          order by left(id, 1), substr(id, 2)::int for update ${now ? sql`nowait` : sql``}`,
    );
  };
  const emitAll: Change["emitAll"] = async (drafts) => {
    const seqs: number[] = [];
    for (const batch of batchesOf(drafts, APPEND_BATCH)) {
      const appended = await append(tx, batch);
      deliveries.push(...appended);
      seqs.push(...appended.map(({ seq }) => seq));
    }
    return seqs;
  };
  return {
    tx,
    lock: (stream) => lockAll([stream]),
    lockAll,
    async emit(draft) {
      const [seq] = await emitAll([draft]);
      if (seq === undefined) throw new Error(`Nothing was appended to ${draft.stream}.`);
      return seq;
    },
    emitAll,
    audit: (entries) =>
      recordAudit(
        tx,
        entries.map((entry) => ({ ...authorOf(scope), ...entry })),
      ),
  };
}

async function append(
  tx: SqlEntityManager,
  drafts: readonly Draft[],
): Promise<readonly (Delivery & { readonly seq: number })[]> {
  const wanted = drafts.map(({ stream, event: { kind, ...payload }, actorId, subjectId }, n) => {
    return { n, stream, kind, actor: actorId, payload, subject: subjectId ?? null };
  });
  const rows = await query<AppendRow>(
    tx,
    sql`select a.* from (
          select * from jsonb_to_recordset(${jsonb(wanted)})
            as x(n int, stream text, kind text, actor int, payload jsonb, subject int) order by n) d
        cross join lateral feed_append_v1(d.stream, d.kind, d.actor, d.payload, d.subject) a order by d.n`,
  );
  return drafts.map(({ stream, event, snapshots }, n) => {
    const row = rows[n];
    if (row?.status !== "appended") throw new Error(`Nothing was appended to ${stream}: ${row?.status ?? "no answer"}`);
    return { stream, epoch: row.epoch, seq: row.seq, event, snapshots: snapshots ?? noSnapshots };
  });
}

/** Opens a stream, for a room or person that is being created. */
export async function openStream(tx: SqlEntityManager, stream: StreamId): Promise<void> {
  await query(tx, sql`insert into feed_stream (id) values (${stream}) on conflict do nothing`);
}

/** The topic on which a stream's events travel between nodes. */
export function topicOf(stream: StreamId): string {
  return `stream:${stream}`;
}

/** A message larger than this travels as a hint, and is read from the log by the nodes that want it. */
const MAX_MESSAGE_BYTES = 32 * 1024;

/** What travels between nodes on a stream's topic. */
export type FeedMessage =
  | { readonly delivery: Delivery }
  | { readonly hint: { readonly epoch: string; readonly seq: number } }
  | { readonly ephemeral: EphemeralMessage };

/**
 * Sends a committed event on its way. It can't fail the change: a node that doesn't hear it finds it in the log.
 */
export function publish(services: Services, delivery: Delivery): void {
  const { stream, epoch, seq } = delivery;
  const whole = JSON.stringify({ delivery } satisfies FeedMessage);
  const isSmall = Buffer.byteLength(whole) <= MAX_MESSAGE_BYTES || seq === null;
  if (isSmall) void send(services, stream, whole);
  else void publishHead(services, { stream, epoch, seq });
}

/**
 * Says where a stream stands, without an event: nodes read what they miss, and if it has another epoch its followers
 * learn that they have to start afresh. A node that doesn't hear it finds out when it looks by itself.
 */
export async function publishHead(
  services: Pick<Services, "pubsub" | "logger">,
  { stream, epoch, seq }: Head,
): Promise<void> {
  await send(services, stream, JSON.stringify({ hint: { epoch, seq } } satisfies FeedMessage));
}

async function send(services: Pick<Services, "pubsub" | "logger">, stream: StreamId, message: string): Promise<void> {
  await sendOut(services, stream, message).catch((error: unknown) => {
    // While the broker is away that was said already, once for all.
    const level = services.pubsub.isConnected ? "warn" : "debug";
    services.logger[level]({ err: error, stream }, "publish failed; the log will deliver it");
  });
}

/** Whatever goes wrong, it is a rejected promise: a broker's client may also throw. */
async function sendOut({ pubsub }: Pick<Services, "pubsub">, stream: StreamId, message: string): Promise<void> {
  await pubsub.publish(topicOf(stream), message);
}

/** An event that may be lost, as it travels: with the key under which a newer one replaces it. */
export interface EphemeralMessage {
  readonly stream: StreamId;
  readonly event: EphemeralEvent;
  readonly snapshots: Snapshots;
  readonly key: string;
  /** For a state that ends by itself: after how many milliseconds without a repetition, and the event that says so. */
  readonly expires?: { readonly afterMs: number; readonly event: EphemeralEvent };
  /** Told at most this often for the whole group; meanwhile the newest of each key waits. */
  readonly pace?: { readonly group: string; readonly everyMs: number };
  /** This is the end of a state: only those who heard of its beginning are told. */
  readonly ends?: boolean;
}

/** Tells who follows the stream just now. Never numbered, never kept. */
export function publishEphemeral(services: Services, message: EphemeralMessage): void {
  sendOut(services, message.stream, JSON.stringify({ ephemeral: message } satisfies FeedMessage)).catch(() => {
    services.logger.debug({ stream: message.stream, key: message.key }, "an ephemeral event was not published");
  });
}
