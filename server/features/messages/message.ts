import { z } from "zod";
import { badInput } from "../../platform/errors.js";
import type { Brand, UserId } from "../../platform/ids.js";
import { parseInput } from "../../platform/input.js";
import { cleanText, codePoints } from "../../platform/text.js";
import type { IsoTime } from "../../platform/time.js";
import type { Attachment } from "../attachments/attachment.js";
import type { RoomId } from "../rooms/room.js";

export type MessageId = Brand<number, "MessageId">;

export const messageTypes = ["text", "image", "file"] as const;
export type MessageType = (typeof messageTypes)[number];

export interface Message {
  readonly id: MessageId;
  readonly roomId: RoomId;
  readonly userId: UserId;
  /** Its place in the room: 1, 2, 3 ... without holes. */
  readonly no: number;
  readonly content: string;
  readonly type: MessageType;
  readonly attachment: Attachment | null;
  readonly mentionIds: readonly UserId[];
  readonly editedAt: IsoTime | null;
  /** A deleted message is emptied and in no list; its row and number stay. */
  readonly isDeleted: boolean;
  /** The key its author sent it with. For that author's eyes only. */
  readonly clientKey: string | null;
  readonly createdAt: IsoTime;
  readonly updatedAt: IsoTime;
}

export const CONTENT_MAX_CODE_POINTS = 10_000;

/** What may be written beside a file: nothing, or as much as in any message. */
export const messageCaption = z
  .string()
  .transform(cleanText)
  .transform((text) => (text.trim() === "" ? "" : text))
  .refine(
    (text) => codePoints(text) <= CONTENT_MAX_CODE_POINTS,
    `A message can have at most ${CONTENT_MAX_CODE_POINTS.toLocaleString("en")} characters.`,
  );

/** What may be written in a message: 1 to 10,000 code points after cleaning; kept as typed, escaped only on display. */
export const messageContent = messageCaption.refine(
  (text) => text !== "",
  "Write something first: a message can't be empty.",
);

/** An idempotency key: a UUID of any version, one key space per person over all transports. */
export const clientKey = z.guid({ error: "This must be a UUID." }).transform((key) => key.toLowerCase());

/**
 * The type of a message that carries this file, or none. A picture may be sent as a file; what is no picture can't be
 * shown as one.
 * @throws DomainError BAD_USER_INPUT (type)
 */
export function messageTypeOf(file: Pick<Attachment, "width"> | undefined, wanted: string | undefined): MessageType {
  if (file === undefined) return "text";
  const isPicture = file.width !== null;
  if (wanted === "image" && !isPicture) throw badInput("type", "Only a picture can be sent as an image.");
  return isPicture && wanted !== "file" ? "image" : "file";
}

export const LIST_MAX = 200;
export const LIST_DEFAULT = 100;

/** How many messages a list has at most. */
export const listLimit = z.coerce
  .number({ error: `A list has 1 to ${LIST_MAX} messages.` })
  .int(`A list has 1 to ${LIST_MAX} messages.`)
  .min(1, `A list has 1 to ${LIST_MAX} messages.`)
  .max(LIST_MAX, `A list has 1 to ${LIST_MAX} messages.`)
  .default(LIST_DEFAULT);

/**
 * The part of an event that says who caused it under which key, if they gave one.
 * @throws DomainError BAD_USER_INPUT (clientMutationId)
 */
export function causeOf(
  userId: UserId,
  { clientMutationId }: { readonly clientMutationId?: string | undefined },
): { readonly cause?: { readonly userId: UserId; readonly clientKey: string } } {
  if (clientMutationId === undefined) return {};
  return { cause: { userId, clientKey: parseInput(clientKey, clientMutationId, "clientMutationId") } };
}

/** How a caller names a message that is there, and the key of what they do with it. */
export interface MessageRef {
  readonly messageId: string | number;
  /** Where the caller speaks in one room only: a message of another one does not exist there. */
  readonly roomId?: RoomId | undefined;
  /** A UUID that comes back with the event, for its author's eyes only. */
  readonly clientMutationId?: string | undefined;
}

const MENTION = /(?<![\p{L}\p{N}_@.])@([\p{L}\p{N}_][\p{L}\p{N}_.-]*)/gu;

/** The usernames (lower case) that a text may mean by `@name`; a full stop that ends the sentence is not part of one. */
export function mentionedNames(content: string): readonly string[] {
  if (!content.includes("@")) return [];
  const names = new Set<string>();
  for (const [, name] of content.matchAll(MENTION)) {
    if (name === undefined) continue;
    names.add(name.toLowerCase());
    names.add(name.toLowerCase().replace(/[.-]+$/u, ""));
  }
  return [...names];
}
