import type { SqlEntityManager } from "@mikro-orm/sql";
import { DomainError, notFound } from "../../platform/errors.js";
import { parseId, type UserId } from "../../platform/ids.js";
import type { Message, MessageId, MessageRef } from "./message.js";
import { viewedMessagesByIds } from "./message.queries.js";

/** @throws DomainError NOT_FOUND: absent, deleted, or in a room that the viewer is not in */
export async function requireMessage(em: SqlEntityManager, viewerId: UserId, id: string | number): Promise<Message> {
  const messageId = parseId<MessageId>(id);
  const [message] = messageId === undefined ? [] : await viewedMessagesByIds(em, viewerId, [messageId]);
  if (message === undefined) throw noSuchMessage(id);
  return message;
}

/**
 * The message that a caller names, in the room where they speak.
 * @throws DomainError NOT_FOUND as {@link requireMessage}, and for a message of another room
 */
export async function requireNamed(em: SqlEntityManager, viewerId: UserId, ref: MessageRef): Promise<Message> {
  const message = await requireMessage(em, viewerId, ref.messageId);
  if (ref.roomId !== undefined && ref.roomId !== message.roomId) throw notFound("This message");
  return message;
}

/** A message that is absent, deleted, or in a room that is not theirs to see; as a client named it. */
export function noSuchMessage(id: string | number): DomainError {
  const messageId = parseId<MessageId>(id);
  return notFound("This message", messageId === undefined ? {} : { messageId });
}

/** @throws DomainError FORBIDDEN when it is somebody else's */
export function requireAuthor(message: Message, userId: UserId): void {
  const { id: messageId, roomId } = message;
  if (message.userId !== userId)
    throw new DomainError("FORBIDDEN", "Only its author may change or delete a message.", {}, { roomId, messageId });
}
