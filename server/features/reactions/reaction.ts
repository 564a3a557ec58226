import { z } from "zod";
import type { Brand, UserId } from "../../platform/ids.js";
import type { IsoTime } from "../../platform/time.js";
import type { MessageId } from "../messages/message.js";

export type ReactionId = Brand<number, "ReactionId">;

export interface Reaction {
  readonly id: ReactionId;
  readonly messageId: MessageId;
  readonly userId: UserId;
  readonly emoji: string;
  readonly createdAt: IsoTime;
}

/** How many people reacted with an emoji: an absolute number, 0 when the last one took it back. */
export interface ReactionCount {
  readonly emoji: string;
  readonly count: number;
}

export const MAX_DISTINCT_EMOJI = 50;

/** Thousands of sequences: it is built once, and not for every emoji. */
const ONE_EMOJI = /^\p{RGI_Emoji}$/v;

/** Exactly one emoji recommended for general interchange; the heart's text form is completed to the emoji one. */
export const emoji = z
  .string()
  .transform((text) => (text === "\u2764" ? "\u2764\ufe0f" : text))
  .refine((text) => ONE_EMOJI.test(text), "Use exactly one emoji.");
