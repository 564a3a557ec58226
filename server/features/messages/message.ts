import { z } from "zod";
import type { Brand, UserId } from "../../platform/ids.js";
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

const MENTION = /(?<![\p{L}\p{N}_@.])@([\p{L}\p{N}_][\p{L}\p{N}_.-]*)/gu;

/** The usernames (lower case) that a text may mean by `@name`; a full stop that ends the sentence is not part of one. */
export function mentionedNames(content: string): readonly string[] {
  const names = new Set<string>();
  for (const [, name] of content.matchAll(MENTION)) {
    if (name === undefined) continue;
    names.add(name.toLowerCase());
    names.add(name.toLowerCase().replace(/[.-]+$/u, ""));
  }
  return [...names];
}
