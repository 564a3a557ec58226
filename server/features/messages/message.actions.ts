import { badInput, notFound } from "../../platform/errors.js";
import { parseId, type UserId } from "../../platform/ids.js";
import { parseInput } from "../../platform/input.js";
import type { Scope } from "../../platform/scope.js";
import { intArray, jsonb, query, queryOne, sql } from "../../platform/sql.js";
import { toIsoTime } from "../../platform/time.js";
import { discardFiles } from "../attachments/attachment.actions.js";
import type { IncomingFile } from "../attachments/attachment.js";
import { withReceived, type ReceivedFile } from "../attachments/attachment.upload.js";
import type { User } from "../directory/directory.js";
import { toUser, usersByIds } from "../directory/directory.queries.js";
import { commit, publish } from "../feed/feed.actions.js";
import { roomStream } from "../feed/stream.js";
import { requireRate } from "../limits/limit.access.js";
import { requireParticipant } from "../rooms/room.access.js";
import type { RoomId } from "../rooms/room.js";
import { requireAuthor, requireMessage, requireNamed } from "./message.access.js";
import {
  countSend,
  digestOf,
  insertMessage,
  sentBefore,
  type InsertedRow,
  type NewMessage,
} from "./message-insert.actions.js";
import { lastMessagesOf, messageColumns, participantsNamed, toMessage, type MessageRow } from "./message.queries.js";
import {
  causeOf,
  clientKey,
  mentionedNames,
  messageCaption,
  messageContent,
  messageTypeOf,
  type Message,
  type MessageId,
  type MessageRef,
} from "./message.js";

export interface SendMessage {
  readonly roomId: string | number;
  /** May be empty beside a file. */
  readonly content: string;
  /** Absent: by what it carries. */
  readonly type?: string | undefined;
  readonly attachment?: IncomingFile | undefined;
  /** A UUID. The same person with the same key gets the same message, whatever happened in between. */
  readonly clientMutationId?: string | undefined;
}

/**
 * Writes a message into a room: one statement locks the room's stream, checks membership and key, numbers the
 * message, stores it and its event, and moves its author's read position. A file is read only once its sender was seen
 * to be in the room, and is stored before the message is; of one whose message is not written nothing stays.
 * @throws DomainError NOT_FOUND, BAD_USER_INPUT (content, type, attachment, clientMutationId), IDEMPOTENCY_KEY_REUSED,
 *   RATE_LIMITED, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE
 */
export async function sendMessage(scope: Scope, input: SendMessage): Promise<Message> {
  return (await sendMessageOnce(scope, input)).message;
}

/** As {@link sendMessage}, and whether it is new: false when it was sent before under the same key. */
export async function sendMessageOnce(
  scope: Scope,
  input: SendMessage,
): Promise<{ readonly message: Message; readonly isNew: boolean }> {
  const { attachment } = input;
  const words = parseWords(input);
  const before = await countSend(scope, { ...words, attachment });
  if (before !== undefined) return { message: before, isNew: false };
  if (attachment === undefined) return write(scope, words, undefined);
  await requireParticipant(scope.em, scope.actor.id, words.roomId);
  return withReceived(scope.services, attachment, async (file, keep) => {
    const written = await write(scope, words, file);
    if (written.isNew) keep();
    return written;
  });
}

interface Words {
  readonly roomId: RoomId;
  readonly content: string;
  readonly key: string | null;
  readonly type: string | undefined;
}

function parseWords({ roomId: id, content, type, attachment, clientMutationId }: SendMessage): Words {
  const words = {
    content: parseInput(attachment === undefined ? messageContent : messageCaption, content, "content"),
    key: clientMutationId === undefined ? null : parseInput(clientKey, clientMutationId, "clientMutationId"),
    type,
  };
  if (attachment === undefined && (type ?? "text") !== "text")
    throw badInput("type", "A message of this type needs an attachment.");
  if (attachment !== undefined && type === "text")
    throw badInput("type", "A message with an attachment is of type image or file.");
  const roomId = parseId<RoomId>(id);
  if (roomId === undefined) throw notFound("This room");
  return { ...words, roomId };
}

async function write(
  scope: Scope,
  { roomId, content, key, type }: Words,
  file: ReceivedFile | undefined,
): Promise<{ message: Message; isNew: boolean }> {
  const draft: NewMessage = {
    roomId,
    content,
    type: messageTypeOf(file?.attachment, type),
    file,
    key,
    digest: key === null ? null : digestOf(roomId, content, file),
    names: mentionedNames(content),
  };
  const row = await insertMessage(scope, draft);
  if (row === "key taken" || row.status === "duplicate")
    return { message: await sentBefore(scope, draft), isNew: false };
  if (row.status !== "appended" || row.subject_id === null) throw notFound("This room", { roomId });
  return { message: announce(scope, draft, row, toMessageId(row.subject_id)), isNew: true };
}

/** Tells the others. Everything for it is there already: what is committed must not fail any more. */
function announce({ actor, services }: Scope, draft: NewMessage, row: InsertedRow, id: MessageId): Message {
  const { roomId, content, type, file, key } = draft;
  const mentions = row.people.map(toUser);
  const at = toIsoTime(row.at);
  const message: Message = {
    id,
    roomId,
    userId: actor.id,
    no: row.no,
    content,
    type,
    attachment: file === undefined ? null : { ...file.attachment, mediaGeneration: row.media_generation ?? 0 },
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
 * Changes the words of one's own message; the people mentioned are found anew, and a file stays, with words or without.
 * @throws DomainError NOT_FOUND, FORBIDDEN (another's), BAD_USER_INPUT (content, clientMutationId), RATE_LIMITED
 */
export async function editMessage(scope: Scope, input: MessageRef & { readonly content: string }): Promise<Message> {
  const { actor } = scope;
  const content = parseInput(messageCaption, input.content, "content");
  const cause = causeOf(actor.id, input);
  await requireRate(scope, "editMessage");
  const { id, roomId } = await requireNamed(scope.em, actor.id, input);
  return commit(scope, async ({ tx, lock, emit }) => {
    await lock(roomStream(roomId));
    const before = await requireMessage(tx, actor.id, id);
    requireAuthor(before, actor.id);
    if (before.attachment === null) parseInput(messageContent, content, "content");
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
 * Deletes one's own message: its row stays, emptied, so that cursors and keys hold; its words go, from the log too, and
 * its file.
 * @throws DomainError NOT_FOUND (deleted before, too), FORBIDDEN (another's), BAD_USER_INPUT (clientMutationId), RATE_LIMITED
 */
export async function deleteMessage(scope: Scope, input: MessageRef): Promise<MessageId> {
  const { actor } = scope;
  const cause = causeOf(actor.id, input);
  await requireRate(scope, "deleteMessage");
  const { id, roomId } = await requireNamed(scope.em, actor.id, input);
  const { attachment } = await commit(scope, async ({ tx, lock, emit, audit }) => {
    const stream = roomStream(roomId);
    await lock(stream);
    const deleted = await requireMessage(tx, actor.id, id);
    requireAuthor(deleted, actor.id);
    await query(tx, sql`delete from message_reaction where message_id = ${id}`);
    await query(tx, sql`delete from chat_mention where message_id = ${id}`);
    await query(
      tx,
      sql`delete from chat_attachment a using chat_message m where m.id = ${id} and a.id = m.attachment_id`,
    );
    await query(
      tx,
      sql`update chat_message set content = '', type = 'text', deleted_at = clock_timestamp(), updated_at = clock_timestamp() where id = ${id}`,
    );
    await scrubLog(tx, roomId, id);
    await audit([{ action: "message_deleted", roomId, messageId: id }]);
    const { messages } = await lastMessagesOf(tx, { viewerId: actor.id, roomIds: [roomId] });
    const users = await usersByIds(
      tx,
      messages.flatMap((message) => [message.userId, ...message.mentionIds]),
    );
    const lastMessageId = messages[0]?.id ?? null;
    const event = { kind: "message_deleted", roomId, messageId: id, lastMessageId, ...cause } as const;
    await emit({ stream, event, actorId: actor.id, snapshots: { users, messages } });
    return deleted;
  });
  if (attachment !== null) await discardFiles(scope.services, [attachment]);
  return id;
}

/** What stays of a message in the log: the events themselves, so that there are no holes. */
const EMPTIED = { content: "", type: "text", attachment: null, mentionIds: [], isDeleted: true };

/** Takes a message's words and file out of the log. */
async function scrubLog(tx: Scope["em"], roomId: RoomId, id: MessageId): Promise<void> {
  await query(
    tx,
    sql`update feed_entry set payload = case kind
          when 'message_sent' then payload || ${jsonb(EMPTIED)}
          else jsonb_set(payload, '{message}', (payload -> 'message') || ${jsonb(EMPTIED)}) end
        where stream = ${roomStream(roomId)} and subject_id = ${id}`,
  );
}

const idsOf = (users: readonly User[]): readonly UserId[] => users.map((user) => user.id);

function toMessageId(id: number): MessageId {
  const parsed = parseId<MessageId>(id);
  if (parsed === undefined) throw new Error(`${id} is not the number of a message.`);
  return parsed;
}
