import { createHash } from "node:crypto";
import { databaseCode, DomainError, notFound, toDomainError, wasRolledBack } from "../../platform/errors.js";
import { GroupCommit } from "../../platform/group-commit.js";
import type { Scope, Services } from "../../platform/scope.js";
import { prepared, sql } from "../../platform/sql.js";
import { cleanFileName, type IncomingFile } from "../attachments/attachment.js";
import type { ReceivedFile } from "../attachments/attachment.upload.js";
import type { UserRow } from "../directory/directory.queries.js";
import { retrying, type AppendRow } from "../feed/feed.actions.js";
import type { SentPayload } from "../feed/feed.queries.js";
import { roomStream, type StreamId } from "../feed/stream.js";
import { requireRate } from "../limits/limit.access.js";
import { requireParticipant } from "../rooms/room.access.js";
import type { RoomId } from "../rooms/room.js";
import { messageByKey, namedParticipants } from "./message.queries.js";
import type { Message, MessageType } from "./message.js";

/** A message that may be written, as far as could be said before its room was locked. */
export interface NewMessage {
  readonly roomId: RoomId;
  readonly content: string;
  readonly type: MessageType;
  /** Stored already. */
  readonly file: ReceivedFile | undefined;
  readonly key: string | null;
  readonly digest: string | null;
  /** The usernames that it may mention, in lower case. */
  readonly names: readonly string[];
}

export interface InsertedRow extends AppendRow {
  /** Of the room, while it was locked. */
  readonly media_generation: number | null;
  /** Who is mentioned. */
  readonly people: readonly UserRow[];
}

/** What a key stands for: the same again is the same message, anything else is a key used twice. */
export function digestOf(roomId: RoomId, content: string, file: ReceivedFile | undefined): string {
  const sent = file === undefined ? [roomId, content] : [roomId, content, file.attachment.name, file.sha256];
  return createHash("sha256").update(JSON.stringify(sent)).digest("hex");
}

/** What is asked to be sent, before anything of it is read or written. */
export interface Sending {
  readonly roomId: RoomId;
  readonly content: string;
  readonly key: string | null;
  /** Not read yet. */
  readonly attachment?: IncomingFile | undefined;
}

/**
 * Counts a send. Whoever has sent too much may still ask what became of a message that was stored: that is answered from
 * its key alone, and nothing is received or written for it.
 * @returns that message, or undefined when this send is let through
 * @throws DomainError RATE_LIMITED; IDEMPOTENCY_KEY_REUSED, NOT_FOUND as {@link sentBefore}
 */
export async function countSend(scope: Scope, sending: Sending): Promise<Message | undefined> {
  const { roomId, content, key, attachment } = sending;
  try {
    await requireRate(scope, attachment === undefined ? "sendMessage" : "sendFile");
    return undefined;
  } catch (refusal) {
    const before = key === null ? undefined : await messageByKey(scope.em, scope.actor.id, key);
    if (before === undefined) throw refusal;
    await requireParticipant(scope.em, scope.actor.id, roomId);
    const isSame =
      attachment === undefined
        ? before.digest === digestOf(roomId, content, undefined)
        : maybeCarries(before.message, roomId, attachment);
    return requireSame(before.message, isSame);
  }
}

/** As far as can be told of a file that is not read. A deleted message has none any more. */
function maybeCarries(message: Message, roomId: RoomId, file: IncomingFile): boolean {
  const { attachment, isDeleted } = message;
  return message.roomId === roomId && (isDeleted || attachment?.name === cleanFileName(file.name));
}

/** A send that waits for its turn in its room. */
interface Turn {
  readonly scope: Scope;
  readonly draft: NewMessage;
}

/** The sends of each node, by room: they would wait for its lock anyway, each with a connection of its own. */
const turnsOf = new WeakMap<Services, GroupCommit<RoomId, Turn, InsertedRow>>();

/** Stores a message and its event in one statement, together with what else is sent into its room meanwhile. */
export async function insertMessage(scope: Scope, draft: NewMessage): Promise<InsertedRow | "key taken"> {
  const { services } = scope;
  const turns = turnsOf.get(services) ?? new GroupCommit(insertTogether, { limit: MAX_TOGETHER, mayJoin, mayBeOnes });
  turnsOf.set(services, turns);
  try {
    return await turns.do(draft.roomId, { scope, draft });
  } catch (error) {
    if (draft.key !== null && databaseCode(error) === UNIQUE_VIOLATION) return "key taken";
    throw error;
  }
}

/** So many messages are stored by one statement: enough for a room's whole queue, and far from what one may take long. */
const MAX_TOGETHER = 50;

/** Two sends with one key, at once or into two rooms, don't see each other: the unique key tells them apart. */
const UNIQUE_VIOLATION = "23505";

/**
 * A key that is there twice in one statement undoes all of it: its second send finds the first one stored. Otherwise a
 * single person could have the room's messages stored one by one.
 */
function mayJoin(turns: readonly Turn[], { scope, draft: { key } }: Turn): boolean {
  return key === null || turns.every((turn) => turn.draft.key !== key || turn.scope.actor.id !== scope.actor.id);
}

/** What may be one message's fault. Whether the database is away, or too busy, is nobody's. */
function mayBeOnes(error: unknown): boolean {
  return wasRolledBack(error) && toDomainError(error).code !== "UNAVAILABLE";
}

async function insertTogether(turns: readonly Turn[]): Promise<readonly InsertedRow[]> {
  const [first] = turns;
  if (first === undefined) return [];
  const { scope, draft } = first;
  const messages = JSON.stringify(turns.map(draftRow));
  const parameters = { roomId: draft.roomId, stream: roomStream(draft.roomId), messages };
  return retrying(() => insertStatement(scope.em, parameters));
}

function draftRow({ scope: { actor }, draft: { content, type, file, key, digest, names } }: Turn, n: number) {
  const payload: Omit<SentPayload, "no" | "mentionIds"> = {
    content,
    type,
    attachment: file?.attachment ?? null,
    clientKey: key,
  };
  const { thumbnailSize, sha256 } = file ?? { thumbnailSize: null, sha256: null };
  return { n, actor: actor.id, payload, key, digest, names, thumbnail: thumbnailSize, sha256 };
}

/**
 * Of several messages of one author, and of all of the room, the last one says how far has been read, and when something
 * happened. The limit cuts nothing: it tells the planner, who does not know how many there are, to expect few.
 */
const insertStatement = prepared<{ roomId: RoomId; stream: StreamId; messages: string }, InsertedRow>(
  ({ roomId, stream, messages }) => sql`
    with e as materialized (
      select d.*, p.ids as mention_ids, p.people, a.*
      from (
        select * from jsonb_to_recordset(${messages}::text::jsonb)
          as d(n int, actor int, payload jsonb, key uuid, digest text, names text[], thumbnail int, sha256 text) order by n
      ) d
      cross join lateral (
        select coalesce(jsonb_agg(u.id order by u.id), '[]') as ids, coalesce(json_agg(u order by u.id), '[]') as people
        from (${namedParticipants(roomId, sql`d.names`)}) u
      ) p
      cross join lateral feed_append_v1(
        ${stream}, 'message_sent', d.actor, d.payload || jsonb_build_object('mentionIds', p.ids), null, ${roomId}, d.key, true
      ) a
      limit ${sql.lit(MAX_TOGETHER)}
    ), f as (
      insert into chat_attachment (room_id, key, name, size, content_type, width, height, thumbnail_size, sha256, created_at)
      select ${roomId}, a.key, a.name, a.size, a."contentType", a.width, a.height, e.thumbnail, e.sha256, e.at
      from e cross join lateral jsonb_to_record(e.payload -> 'attachment')
        as a(key text, name text, size int, "contentType" text, width int, height int)
      where e.status = 'appended' and e.sha256 is not null returning id, key
    ), m as (
      insert into chat_message (id, room_id, user_id, no, content, type, attachment_id, client_key, client_digest, created_at, updated_at)
      select e.subject_id, ${roomId}, e.actor, e.no, e.payload ->> 'content', e.payload ->> 'type', f.id, e.key, e.digest, e.at, e.at
      from e left join f on f.key = e.payload -> 'attachment' ->> 'key' where e.status = 'appended'
    ), n as (
      insert into chat_mention (message_id, user_id, room_id, no)
      select e.subject_id, x.id::int, ${roomId}, e.no
      from e cross join lateral jsonb_array_elements_text(e.mention_ids) as x(id) where e.status = 'appended'
    ), r as (
      update chat_room set updated_at = last.at
      from (select max(e.at) as at from e where e.status = 'appended') last
      where chat_room.id = ${roomId} and last.at is not null returning chat_room.media_generation
    ), p as (
      update chat_participant set read_no = last.no, last_read_at = last.at
      from (select e.actor, max(e.no) as no, max(e.at) as at from e where e.status = 'appended' group by e.actor) last
      where room_id = ${roomId} and user_id = last.actor
    )
    select e.status, e.epoch, e.seq, e.no, e.at, e.subject_id, e.people, r.media_generation
    from e left join r on true order by e.n`,
);

/**
 * The message that the key stands for, as it now is.
 * @throws DomainError IDEMPOTENCY_KEY_REUSED, NOT_FOUND (deleted since), UNAVAILABLE (just being sent)
 */
export async function sentBefore({ actor, em }: Scope, draft: NewMessage): Promise<Message> {
  const before = draft.key === null ? undefined : await messageByKey(em, actor.id, draft.key);
  if (before === undefined)
    throw new DomainError("UNAVAILABLE", "The same message is just being sent. Try again.", { retryAfterMs: 100 });
  return requireSame(before.message, before.digest === draft.digest);
}

function requireSame(before: Message, isSame: boolean): Message {
  if (!isSame) {
    throw new DomainError(
      "IDEMPOTENCY_KEY_REUSED",
      "This key was used for another message. Use a new key for each message.",
      { field: "clientMutationId" },
    );
  }
  if (before.isDeleted) throw notFound("This message");
  return before;
}
