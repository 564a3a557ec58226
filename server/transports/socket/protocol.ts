import { z } from "zod";
import { clientKey, messageTypes } from "../../features/messages/message.js";
import type { RoomType } from "../../features/rooms/room.js";
import { badInput, DomainError } from "../../platform/errors.js";
import { parseInput } from "../../platform/input.js";
import { numberOfOurs } from "../numbers.js";
import type { messageShape, nestedReactionShape, participantShape } from "../shapes.js";

/**
 * The raw WebSocket's protocol on one page: what comes in, what goes out, and why a socket is closed.
 * docs/websocket.md is written for those who use it.
 */

/** Why the server closes a socket. From 4400 on the codes are ours; what to do then stands behind each. */
export const closeCodes = {
  /** Connect again, elsewhere, and resume. */
  GOING_AWAY: 1001,
  /** Send text. */
  BINARY_FRAME: 1003,
  /** Try once more. */
  OUR_FAULT: 1011,
  /** The database is away: connect again in a while, and resume. */
  TRY_AGAIN: 1013,
  /** The address can't be understood: mend it. */
  BAD_REQUEST: 4400,
  /** The token is missing, wrong, another person's or has expired, or its person is deleted: come with another one, and
   * resume. */
  UNAUTHENTICATED: 4401,
  /** Not in the room any more. */
  REMOVED: 4403,
  /** No such room for this person, or none any more. */
  NOT_FOUND: 4404,
  /** What was sent was not read: connect again, and resume. */
  SLOW_CONSUMER: 4408,
  /** This point can't be resumed: fetch a fresh snapshot. */
  RESYNC_REQUIRED: 4409,
  /** Too many connections: close one first. */
  TOO_MANY: 4429,
} as const;

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];

/** An end, and its reason in a few words. */
export interface Closing {
  readonly code: CloseCode;
  readonly reason: string;
}

const text = (field: string) => z.string({ error: `\`${field}\` must be a text.` });
const emoji = text("emoji");
const message_id = numberOfOurs(() => "`message_id` must be the number of a message.");
const client_mutation_id = notGiven(clientKey);

/** A part that need not be there; null says so, too. */
function notGiven<Schema extends z.ZodType>(schema: Schema) {
  return z.optional(z.nullable(schema).transform((value) => value ?? undefined));
}

/** What a client may say: the original system's commands, and `authenticate`. */
const commands = {
  authenticate: z.object({ type: z.literal("authenticate"), token: text("token"), client_mutation_id }),
  message_send: z.object({
    type: z.literal("message_send"),
    content: text("content"),
    message_type: notGiven(z.enum(messageTypes, { error: `\`message_type\` is one of ${messageTypes.join(", ")}.` })),
    client_mutation_id,
  }),
  message_edit: z.object({
    type: z.literal("message_edit"),
    message_id,
    content: text("content"),
    client_mutation_id,
  }),
  message_delete: z.object({ type: z.literal("message_delete"), message_id, client_mutation_id }),
  reaction_add: z.object({ type: z.literal("reaction_add"), message_id, emoji, client_mutation_id }),
  reaction_remove: z.object({ type: z.literal("reaction_remove"), message_id, emoji, client_mutation_id }),
  typing: z.object({
    type: z.literal("typing"),
    is_typing: z.boolean({ error: "`is_typing` must be true or false." }),
    client_mutation_id,
  }),
} as const;

export type Command = {
  readonly [Type in keyof typeof commands]: z.output<(typeof commands)[Type]>;
}[keyof typeof commands];
export type CommandInRoom = Exclude<Command, { readonly type: "authenticate" }>;

/** What could be read of a frame: a command, or why it is none, with the key under which its sender awaits an answer. */
export type Received =
  | { readonly command: Command; readonly key: string | undefined }
  | { readonly fault: DomainError; readonly key: string | undefined };

const MAX_KEY_LENGTH = 64;
const keyed = z.object({ client_mutation_id: z.string().max(MAX_KEY_LENGTH) });
const anyCommand = z.discriminatedUnion(
  "type",
  [
    commands.authenticate,
    commands.message_send,
    commands.message_edit,
    commands.message_delete,
    commands.reaction_add,
    commands.reaction_remove,
    commands.typing,
  ],
  {
    error: `Send an object with a \`type\` that is one of ${Object.keys(commands).join(", ")}.`,
  },
);

/** Reads one text frame of a client's. Whatever it holds, this does not throw. */
export function receive(frame: string): Received {
  let json: unknown;
  try {
    json = JSON.parse(frame);
  } catch {
    return { fault: badInput("frame", "This frame is not JSON."), key: undefined };
  }
  const key = keyed.safeParse(json).data?.client_mutation_id.toLowerCase();
  try {
    return { command: parseInput(anyCommand, json), key };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { fault: error, key };
  }
}

type MessageShape = z.output<typeof messageShape>;
type ParticipantChange = {
  readonly participant: z.output<typeof participantShape>;
  readonly owner_id: number | null;
  readonly updated_at: string;
};

/** What the original system's clients know. */
export type FrameOfSpec =
  | { readonly type: "message_new" | "message_edited"; readonly message: MessageShape }
  | { readonly type: "message_deleted"; readonly message_id: number }
  | {
      readonly type: "reaction_added";
      readonly message_id: number;
      readonly reaction: z.output<typeof nestedReactionShape>;
    }
  | {
      readonly type: "reaction_removed";
      readonly message_id: number;
      readonly user_id: number;
      readonly emoji: string;
    }
  | {
      readonly type: "user_typing";
      readonly user_id: number;
      readonly username: string;
      readonly is_typing: boolean;
    }
  | { readonly type: "user_joined" | "user_left"; readonly user_id: number; readonly username: string };

/** What comes as well for those who resume. */
export type FrameOfResume =
  | ({ readonly type: "participant_added" | "participant_removed" } & ParticipantChange)
  | {
      readonly type: "room_changed";
      readonly room: {
        readonly id: number;
        readonly name: string;
        readonly type: RoomType;
        readonly project: number;
        readonly updated_at: string;
      };
    }
  | { readonly type: "room_deleted"; readonly room_id: number };

/** What concerns one connection alone. */
export type FrameOfConnection =
  | { readonly type: "ready"; readonly epoch: string; readonly after: number; readonly seq: number }
  | { readonly type: "authenticated"; readonly client_mutation_id?: string }
  | {
      readonly type: "error";
      readonly code: string;
      readonly detail: string;
      readonly retry_after_ms?: number;
      readonly client_mutation_id?: string;
    };
