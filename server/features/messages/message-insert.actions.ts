import { createHash } from "node:crypto";
import { databaseCode, DomainError, notFound } from "../../platform/errors.js";
import type { UserId } from "../../platform/ids.js";
import type { Scope } from "../../platform/scope.js";
import { intArray, jsonb, queryOnePrepared, sql, type RawBuilder } from "../../platform/sql.js";
import { cleanFileName, type IncomingFile } from "../attachments/attachment.js";
import type { ReceivedFile } from "../attachments/attachment.upload.js";
import type { User } from "../directory/directory.js";
import { retrying, type AppendRow } from "../feed/feed.actions.js";
import type { SentPayload } from "../feed/feed.queries.js";
import { roomStream } from "../feed/stream.js";
import { requireRate } from "../limits/limit.access.js";
import { requireParticipant } from "../rooms/room.access.js";
import type { RoomId } from "../rooms/room.js";
import { messageByKey } from "./message.queries.js";
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
  readonly mentions: readonly User[];
}

export interface InsertedRow extends AppendRow {
  /** Of the room, while it was locked. */
  readonly media_generation: number | null;
}

/** What a key stands for: the same again is the same message, anything else is a key used twice. */
export function digestOf(roomId: RoomId, content: string, file: ReceivedFile | undefined): string {
  const sent = file === undefined ? [roomId, content] : [roomId, content, file.attachment.name, file.sha256];
  return createHash("sha256").update(JSON.stringify(sent)).digest("hex");
}

export const idsOf = (users: readonly User[]): readonly UserId[] => users.map((user) => user.id);

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

/** Stores a message and its event in one statement. */
export async function insertMessage({ actor, em }: Scope, draft: NewMessage): Promise<InsertedRow | "key taken"> {
  const { roomId, content, type, file, key, digest } = draft;
  const mentionIds = idsOf(draft.mentions);
  const payload: Omit<SentPayload, "no"> = {
    content,
    type,
    attachment: file?.attachment ?? null,
    mentionIds,
    clientKey: key,
  };
  try {
    const statement = sql<InsertedRow>`with e as materialized (
            select * from feed_append_v1(${roomStream(roomId)}, 'message_sent', ${actor.id}, ${jsonb(payload)}, null, ${roomId}, ${key}::uuid, true)
          ), ${insertFile(roomId, file)} m as (
            insert into chat_message (id, room_id, user_id, no, content, type, attachment_id, client_key, client_digest, created_at, updated_at)
            select e.subject_id, ${roomId}, ${actor.id}, e.no, ${content}, ${type}, ${file === undefined ? sql`null` : sql`(select f.id from f)`}, ${key}::uuid, ${digest}, e.at, e.at
            from e where e.status = 'appended'
          ), n as (
            insert into chat_mention (message_id, user_id, room_id, no)
            select e.subject_id, x.id, ${roomId}, e.no from e, unnest(${intArray(mentionIds)}) as x(id) where e.status = 'appended'
          ), r as (
            update chat_room set updated_at = e.at from e where chat_room.id = ${roomId} and e.status = 'appended'
            returning chat_room.media_generation
          ), p as (
            update chat_participant set read_no = e.no, last_read_at = e.at from e
            where room_id = ${roomId} and user_id = ${actor.id} and e.status = 'appended'
          )
          select e.*, r.media_generation from e left join r on true`;
    const row = await retrying(() => queryOnePrepared(em, statement));
    if (row === undefined) throw new Error("feed_append_v1 gave no answer.");
    return row;
  } catch (error) {
    if (key !== null && databaseCode(error) === UNIQUE_VIOLATION) return "key taken";
    throw error;
  }
}

/** Two sends with one key into two rooms at once lock different streams: the unique key tells them apart. */
const UNIQUE_VIOLATION = "23505";

function insertFile(roomId: RoomId, file: ReceivedFile | undefined): RawBuilder<unknown> {
  if (file === undefined) return sql``;
  const { key, name, size, contentType, width, height } = file.attachment;
  return sql`f as (
    insert into chat_attachment (room_id, key, name, size, content_type, width, height, thumbnail_size, sha256, created_at)
    select ${roomId}, ${key}, ${name}, ${size}, ${contentType}, ${width}::int, ${height}::int, ${file.thumbnailSize}::int, ${file.sha256}, e.at
    from e where e.status = 'appended' returning id
  ),`;
}

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
