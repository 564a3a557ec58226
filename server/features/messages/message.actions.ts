import { createHash } from "node:crypto";
import { badInput, databaseCode, DomainError, notFound } from "../../platform/errors.js";
import { parseId, type UserId } from "../../platform/ids.js";
import { parseInput } from "../../platform/input.js";
import type { Scope } from "../../platform/scope.js";
import { intArray, jsonb, query, queryOne, sql } from "../../platform/sql.js";
import { toIsoTime } from "../../platform/time.js";
import type { User } from "../directory/directory.js";
import { usersByIds } from "../directory/directory.queries.js";
import { commit, publish, retrying, type AppendRow } from "../feed/feed.actions.js";
import { roomStream } from "../feed/stream.js";
import type { RoomId } from "../rooms/room.js";
import { requireAuthor, requireMessage, requireNamed } from "./message.access.js";
import {
  lastMessagesOf,
  messageByKey,
  messageColumns,
  participantsNamed,
  toMessage,
  type MessageRow,
} from "./message.queries.js";
import {
  causeOf,
  clientKey,
  mentionedNames,
  messageContent,
  type Message,
  type MessageId,
  type MessageRef,
} from "./message.js";

export interface SendMessage {
  readonly roomId: string | number;
  readonly content: string;
  readonly type?: string | undefined;
  /** A UUID. The same person with the same key gets the same message, whatever happened in between. */
  readonly clientMutationId?: string | undefined;
}

/**
 * Writes a message into a room: one statement locks the room's stream, checks membership and key, numbers the
 * message, stores it and its event, and moves its author's read position.
 * @throws DomainError NOT_FOUND, BAD_USER_INPUT (content, type, clientMutationId), IDEMPOTENCY_KEY_REUSED
 */
export async function sendMessage(scope: Scope, input: SendMessage): Promise<Message> {
  return (await sendMessageOnce(scope, input)).message;
}

/** As {@link sendMessage}, and whether it is new: false when it was sent before under the same key. */
export async function sendMessageOnce(
  scope: Scope,
  input: SendMessage,
): Promise<{ readonly message: Message; readonly sent: boolean }> {
  const content = parseInput(messageContent, input.content, "content");
  const key =
    input.clientMutationId === undefined ? null : parseInput(clientKey, input.clientMutationId, "clientMutationId");
  if ((input.type ?? "text") !== "text") throw badInput("type", "A message of this type needs an attachment.");
  const roomId = parseId<RoomId>(input.roomId);
  if (roomId === undefined) throw notFound("This room");
  const draft: NewMessage = {
    roomId,
    content,
    key,
    digest: key === null ? null : digestOf(roomId, content),
    mentions: await participantsNamed(scope.em, roomId, mentionedNames(content)),
  };
  const row = await insertMessage(scope, draft);
  if (row === "key taken" || row.status === "duplicate")
    return { message: await sentBefore(scope, draft), sent: false };
  if (row.status !== "appended" || row.subject_id === null) throw notFound("This room");
  return { message: announce(scope, draft, row, toMessageId(row.subject_id)), sent: true };
}

interface NewMessage {
  readonly roomId: RoomId;
  readonly content: string;
  readonly key: string | null;
  readonly digest: string | null;
  readonly mentions: readonly User[];
}

function digestOf(roomId: RoomId, content: string): string {
  return createHash("sha256")
    .update(JSON.stringify([roomId, content]))
    .digest("hex");
}

const idsOf = (users: readonly User[]): readonly UserId[] => users.map((user) => user.id);

async function insertMessage({ actor, em }: Scope, draft: NewMessage): Promise<AppendRow | "key taken"> {
  const { roomId, content, key, digest } = draft;
  const mentionIds = idsOf(draft.mentions);
  const payload = { content, type: "text", mentionIds, clientKey: key };
  try {
    const statement = sql<AppendRow>`with e as materialized (
            select * from feed_append_v1(${roomStream(roomId)}, 'message_sent', ${actor.id}, ${jsonb(payload)}, null, ${roomId}, ${key}::uuid, true)
          ), m as (
            insert into chat_message (id, room_id, user_id, no, content, type, client_key, client_digest, created_at, updated_at)
            select e.subject_id, ${roomId}, ${actor.id}, e.no, ${content}, 'text', ${key}::uuid, ${digest}, e.at, e.at from e where e.status = 'appended'
          ), n as (
            insert into chat_mention (message_id, user_id, room_id, no)
            select e.subject_id, x.id, ${roomId}, e.no from e, unnest(${intArray(mentionIds)}) as x(id) where e.status = 'appended'
          ), r as (
            update chat_room set updated_at = e.at from e where chat_room.id = ${roomId} and e.status = 'appended'
          ), p as (
            update chat_participant set read_no = e.no, last_read_at = e.at from e
            where room_id = ${roomId} and user_id = ${actor.id} and e.status = 'appended'
          )
          select * from e`;
    const row = await retrying(() => queryOne(em, statement));
    if (row === undefined) throw new Error("feed_append_v1 gave no answer.");
    return row;
  } catch (error) {
    if (key !== null && databaseCode(error) === UNIQUE_VIOLATION) return "key taken";
    throw error;
  }
}

/** Two sends with one key into two rooms at once lock different streams: the unique key tells them apart. */
const UNIQUE_VIOLATION = "23505";

/** The message that the key stands for, as it now is. */
async function sentBefore({ actor, em }: Scope, draft: NewMessage): Promise<Message> {
  const before = draft.key === null ? undefined : await messageByKey(em, actor.id, draft.key);
  if (before === undefined)
    throw new DomainError("UNAVAILABLE", "The same message is just being sent. Try again.", { retryAfterMs: 100 });
  if (before.digest !== draft.digest) {
    throw new DomainError(
      "IDEMPOTENCY_KEY_REUSED",
      "This key was used for another message. Use a new key for each message.",
      { field: "clientMutationId" },
    );
  }
  if (before.message.isDeleted) throw notFound("This message");
  return before.message;
}

/** Tells the others. Everything for it is there already: what is committed must not fail any more. */
function announce({ actor, services }: Scope, draft: NewMessage, row: AppendRow, id: MessageId): Message {
  const { roomId, content, key, mentions } = draft;
  const at = toIsoTime(row.at);
  const message: Message = {
    id,
    roomId,
    userId: actor.id,
    no: row.no,
    content,
    type: "text",
    mentionIds: idsOf(mentions),
    clientKey: key,
    isDeleted: false,
    editedAt: null,
    createdAt: at,
    updatedAt: at,
  };
  const event = { kind: "message_sent", message } as const;
  const snapshots = { users: [actor, ...mentions], messages: [] };
  publish(services, { stream: roomStream(roomId), epoch: row.epoch, seq: row.seq, event, snapshots });
  return message;
}

/**
 * Changes the words of one's own message; the people mentioned are found anew.
 * @throws DomainError NOT_FOUND, FORBIDDEN (another's), BAD_USER_INPUT (content, clientMutationId)
 */
export async function editMessage(scope: Scope, input: MessageRef & { readonly content: string }): Promise<Message> {
  const { actor } = scope;
  const content = parseInput(messageContent, input.content, "content");
  const cause = causeOf(actor.id, input);
  const { id, roomId } = await requireNamed(scope.em, actor.id, input);
  return commit(scope, async ({ tx, lock, emit }) => {
    await lock(roomStream(roomId));
    requireAuthor(await requireMessage(tx, actor.id, id), actor.id);
    const mentions = await participantsNamed(tx, roomId, mentionedNames(content));
    await query(tx, sql`delete from chat_mention where message_id = ${id}`);
    await query(
      tx,
      sql`insert into chat_mention (message_id, user_id, room_id, no)
          select m.id, x.id, m.room_id, m.no from chat_message m, unnest(${intArray(idsOf(mentions))}) as x(id) where m.id = ${id}`,
    );
    await query(
      tx,
      sql`update chat_message set content = ${content}, edited_at = clock_timestamp(), updated_at = clock_timestamp() where id = ${id}`,
    );
    const row = await queryOne<MessageRow>(tx, sql`select ${messageColumns} from chat_message m where m.id = ${id}`);
    if (row === undefined) throw new Error("The message was not stored.");
    const message = toMessage(row);
    const users = [actor, ...mentions];
    await emit({
      stream: roomStream(roomId),
      event: { kind: "message_edited", message, ...cause },
      actorId: actor.id,
      subjectId: id,
      snapshots: { users, messages: [] },
    });
    return message;
  });
}

/**
 * Deletes one's own message: its row stays, emptied, so that cursors and keys hold; its words go, from the log too.
 * @throws DomainError NOT_FOUND (deleted before, too), FORBIDDEN (another's), BAD_USER_INPUT (clientMutationId)
 */
export async function deleteMessage(scope: Scope, input: MessageRef): Promise<MessageId> {
  const { actor } = scope;
  const cause = causeOf(actor.id, input);
  const { id, roomId } = await requireNamed(scope.em, actor.id, input);
  return commit(scope, async ({ tx, lock, emit }) => {
    const stream = roomStream(roomId);
    await lock(stream);
    requireAuthor(await requireMessage(tx, actor.id, id), actor.id);
    await query(tx, sql`delete from message_reaction where message_id = ${id}`);
    await query(tx, sql`delete from chat_mention where message_id = ${id}`);
    await query(
      tx,
      sql`update chat_message set content = '', deleted_at = clock_timestamp(), updated_at = clock_timestamp() where id = ${id}`,
    );
    await scrubLog(tx, roomId, id);
    const messages = await lastMessagesOf(tx, actor.id, [roomId]);
    const users = await usersByIds(
      tx,
      messages.flatMap((message) => [message.userId, ...message.mentionIds]),
    );
    const lastMessageId = messages[0]?.id ?? null;
    const event = { kind: "message_deleted", roomId, messageId: id, lastMessageId, ...cause } as const;
    await emit({ stream, event, actorId: actor.id, snapshots: { users, messages } });
    return id;
  });
}

/** Takes a message's words out of the log; the events themselves stay, so that there are no holes. */
async function scrubLog(tx: Scope["em"], roomId: RoomId, id: MessageId): Promise<void> {
  await query(
    tx,
    sql`update feed_entry set payload = case kind
          when 'message_sent' then payload || '{"content": "", "mentionIds": [], "isDeleted": true}'
          else jsonb_set(payload, '{message}', (payload -> 'message') || '{"content": "", "mentionIds": [], "isDeleted": true}') end
        where stream = ${roomStream(roomId)} and subject_id = ${id}`,
  );
}

function toMessageId(id: number): MessageId {
  const parsed = parseId<MessageId>(id);
  if (parsed === undefined) throw new Error(`${id} is not the number of a message.`);
  return parsed;
}
