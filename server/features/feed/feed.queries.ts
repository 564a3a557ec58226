import type { SqlEntityManager } from "@mikro-orm/sql";
import type { UserId } from "../../platform/ids.js";
import { query, queryOne, sql, type RawBuilder } from "../../platform/sql.js";
import { toIsoTime } from "../../platform/time.js";
import type { Attachment, LoggedAttachment } from "../attachments/attachment.js";
import type { Message, MessageId, MessageType } from "../messages/message.js";
import { checkOrigin, fingerprint } from "./feed.origin.js";
import type { DurableEvent } from "./room-event.js";
import { parseStreamOwner, type Position, type StreamId } from "./stream.js";

/** An entry of the log as it is stored, with the epoch of its stream. */
export interface EntryRow {
  readonly epoch: string;
  readonly seq: number;
  readonly kind: string;
  readonly actor_id: number | null;
  readonly subject_id: number | null;
  readonly payload: Record<string, unknown>;
  readonly at: Date | string;
  /** That of the stream's room, for which addresses of files are signed now; null without a room. */
  readonly media_generation: number | null;
}

export interface Entry {
  readonly epoch: string;
  readonly seq: number;
  readonly event: DurableEvent;
}

/** Where a stream stands. */
export interface Head {
  readonly stream: StreamId;
  readonly epoch: string;
  readonly seq: number;
}

/** A stream's epoch: the database's own (`o`), and how often the stream (`f`) was rewritten. */
const epochOf = sql`o.epoch || '.' || coalesce(f.epoch, 1)`;

/** Whether the database is another one than that which issued the cursors (`o`). */
const isAnotherDatabase = sql`o.fingerprint <> ${fingerprint}`;

/**
 * The streams `wanted` (rows with a column `stream`), as `s(id, epoch, seq)`. A person's stream begins with its first
 * event: until then it stands at 0. A room's is there for ever, also when the room is deleted: it says so.
 */
export function streams(wanted: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select w.stream as id, ${epochOf} as epoch, coalesce(f.last_seq, 0) as seq
    from ${wanted} w join feed_origin o on o.id = 1 left join feed_stream f on f.id = w.stream
    where f.id is not null or w.stream like 'u%') s`;
}

/**
 * The entries after `seq`, in order, at most `limit`. A log has no holes, so that a page is a range of numbers: for one
 * that is bounded by its count alone, everything that was missed could be read and sorted for every page.
 */
export async function entriesAfter(
  em: SqlEntityManager,
  stream: StreamId,
  seq: number,
  limit: number,
): Promise<readonly Entry[]> {
  const rows = await query<EntryRow>(
    em,
    sql`select ${epochOf} as epoch, e.seq, e.kind, e.actor_id, e.subject_id, e.payload, e.at,
          (select r.media_generation from chat_room r where r.id = ${roomIdOf(stream)}) as media_generation
        from feed_entry e join feed_origin o on o.id = 1 left join feed_stream f on f.id = e.stream
        where e.stream = ${stream} and e.seq > ${seq} and e.seq <= ${seq + limit} order by e.seq`,
  );
  return rows.map((row) => ({ epoch: row.epoch, seq: row.seq, event: parseEntry(stream, row) }));
}

/** Where the stream stands now; undefined when there is no such stream. */
export async function headOf(em: SqlEntityManager, stream: StreamId): Promise<Head | undefined> {
  return queryOne<Head>(
    em,
    sql`select s.id as stream, s.epoch, s.seq from ${streams(sql`(select ${stream}::text as stream)`)}`,
  );
}

/** Where these streams stand now, in any order; those that are no more are left out. */
export async function headsOf(em: SqlEntityManager, wanted: readonly StreamId[]): Promise<readonly Head[]> {
  if (wanted.length === 0) return [];
  return query<Head>(
    em,
    sql`select s.id as stream, s.epoch, s.seq from ${streams(sql`(select unnest(${`{${wanted.join(",")}}`}::text[]) as stream)`)}`,
  );
}

/**
 * Whether the event after a position (`p`) is still in the log. As `exists` it would be looked up in a table of the whole
 * log, made for the purpose each time: a planner takes a list of positions for longer than it is.
 */
const isKept = sql`select true from feed_entry e where e.stream = p.stream and e.seq = p.seq + 1`;

/**
 * Those of the positions that can't be resumed: another epoch, beyond the head, or older than what is kept. In a database
 * that did not issue them (restored, and nobody has looked since) it is all of them, and from then on another epoch.
 */
export async function unresumable(em: SqlEntityManager, positions: readonly Position[]): Promise<readonly StreamId[]> {
  if (positions.length === 0) return [];
  const wanted = sql`jsonb_to_recordset(${JSON.stringify(positions)}::text::jsonb) as p(stream text, epoch text, seq int)`;
  const rows = await query<{ stream: StreamId; is_another: boolean }>(
    em,
    sql`select p.stream, d.is_another from ${wanted}
        cross join (select coalesce((select ${isAnotherDatabase} from feed_origin o where o.id = 1), true) as is_another) d
        left join ${streams(sql`(select stream from ${wanted})`)} on s.id = p.stream
        where d.is_another or s.id is null or s.epoch <> p.epoch or p.seq > s.seq
          or (p.seq < s.seq and (${isKept}) is null)`,
  );
  // Or who starts afresh would be handed the same cursors again.
  if (rows.some((row) => row.is_another)) await checkOrigin(em);
  return rows.map((row) => row.stream);
}

export interface MovedStreams {
  /** The database's clock when it looked, to look from there the next time. */
  readonly now: string;
  readonly heads: readonly Head[];
  /** Of the database: another one than at the last look when it was restored meanwhile, and somebody has noticed. */
  readonly epoch: string;
  /** The database is not the one that issued the cursors: it was restored under this node's feet. */
  readonly isAnother: boolean;
}

/**
 * Which streams moved since a moment, or lately: the cost follows the traffic, not the number of streams. `marginMs`
 * is longer than any statement may run, because an entry gets its time before its transaction commits.
 */
export async function movedStreams(
  em: SqlEntityManager,
  since: string | undefined,
  marginMs: number,
): Promise<MovedStreams> {
  const row = await queryOne<{ now: string; heads: Head[] | null; epoch: string; is_another: boolean }>(
    em,
    sql`select clock_timestamp()::text as now, (select o.epoch from feed_origin o where o.id = 1) as epoch,
          (select ${isAnotherDatabase} from feed_origin o where o.id = 1) as is_another, (
          select json_agg(json_build_object('stream', moved.stream, 'epoch', ${epochOf}, 'seq', moved.seq)) from (
            select stream, max(seq) as seq from feed_entry
            where at > coalesce(${since ?? null}::timestamptz, clock_timestamp()) - ${marginMs} * interval '1 millisecond' group by stream
          ) moved join feed_origin o on o.id = 1 left join feed_stream f on f.id = moved.stream) as heads`,
  );
  return {
    now: row?.now ?? "",
    heads: row?.heads ?? [],
    epoch: row?.epoch ?? "",
    isAnother: row?.is_another ?? false,
  };
}

/** The room whose stream it is; 0, which no room has, for a person's. */
function roomIdOf(stream: StreamId): number {
  const owner = parseStreamOwner(stream);
  return owner.kind === "room" ? owner.roomId : 0;
}

/** A sent message is logged before its number and time exist outside the log; everything else is logged whole. */
function parseEntry(stream: StreamId, row: EntryRow): DurableEvent {
  const owner = parseStreamOwner(stream);
  if (row.kind === "message_edited") return { kind: "message_edited", message: parseEdited(row) };
  if (row.kind !== "message_sent" || owner.kind !== "room") return { kind: row.kind, ...row.payload } as DurableEvent;
  const at = toIsoTime(row.at);
  const { no, content, type, attachment, mentionIds, clientKey, isDeleted } = row.payload as unknown as SentPayload;
  return {
    kind: "message_sent",
    message: {
      id: row.subject_id as MessageId,
      roomId: owner.roomId,
      userId: row.actor_id as UserId,
      no,
      content,
      type,
      attachment: attachmentNow(attachment, row),
      mentionIds,
      clientKey,
      isDeleted: isDeleted ?? false,
      editedAt: null,
      createdAt: at,
      updatedAt: at,
    },
  };
}

function parseEdited(row: EntryRow): Message {
  const message = row.payload.message as Message;
  return { ...message, attachment: attachmentNow(message.attachment, row) };
}

/** A file with the generation that its room has now: what held when the entry was written may have ended. */
function attachmentNow(logged: LoggedAttachment | null | undefined, row: EntryRow): Attachment | null {
  // Entries from before there were files say nothing of them.
  if (logged === null || logged === undefined || row.media_generation === null) return null;
  return { ...logged, mediaGeneration: row.media_generation };
}

/** What the log keeps of a sent message beside the entry's own columns. */
export interface SentPayload {
  readonly no: number;
  readonly content: string;
  readonly type: MessageType;
  readonly attachment?: LoggedAttachment | null;
  readonly mentionIds: readonly UserId[];
  readonly clientKey: string | null;
  readonly isDeleted?: boolean;
}
