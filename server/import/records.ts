import { isAbsolute } from "node:path";
import { z } from "zod";
import { NAME_MAX_LENGTH } from "../features/directory/directory.js";
import { messageCaption, messageContent, messageTypes } from "../features/messages/message.js";
import { emoji } from "../features/reactions/reaction.js";
import { MAX_PARTICIPANTS, roomName, roomTypes } from "../features/rooms/room.js";
import { hostId } from "../platform/host-id.js";
import { singleLine } from "../platform/text.js";
import { exactTime } from "./exact-time.js";

/** What a line of a file can be: `snake_case` as in REST, with the rules of the verbs. A thing stands before its uses. */

/** Lower than what a column can hold: an id moves the counter of new ones past it, and they need numbers too. */
export const MAX_IMPORTED_ID = 2_000_000_000;

/** Words for a value of the wrong type; one that is not there at all is said to be missing. */
const otherwise = (words: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? "is missing" : words;

const id = z
  .int({ error: otherwise("is not a whole number") })
  .min(1, "is not above 0")
  .max(MAX_IMPORTED_ID, `is above ${MAX_IMPORTED_ID.toLocaleString("en")}, the highest id that can be imported`);
const text = z.string({ error: otherwise("is not text") });
const time = text.pipe(exactTime);
const name = text.pipe(singleLine({ max: NAME_MAX_LENGTH, empty: "is empty" }));
const listOf = <Item extends z.ZodType>(item: Item) => z.array(item, { error: otherwise("is not a list") });

const user = z.strictObject({
  kind: z.literal("user"),
  id,
  /** The id in the host product; the number as text when it is absent. */
  host_id: hostId.optional(),
  username: name,
  display_name: name,
});

const project = z.strictObject({
  kind: z.literal("project"),
  id,
  host_id: hostId.optional(),
  name,
  members: listOf(id).transform((ids) => [...new Set(ids)]),
});

const participant = z.preprocess(
  (value) => (typeof value === "number" ? { user: value } : value),
  z.strictObject(
    {
      user: id,
      joined_at: time.optional(),
      /** Up to when they have read: null for nothing, absent for everything. */
      last_read_at: time.nullable().optional(),
    },
    { error: "is neither the number of a user nor an object with `user`" },
  ),
);

const room = z
  .strictObject({
    kind: z.literal("room"),
    id,
    type: z.enum(roomTypes, { error: otherwise(`is not one of ${roomTypes.join(", ")}`) }),
    name: text.default(""),
    project: id,
    created_by: id.nullable(),
    created_at: time.optional(),
    participants: listOf(participant)
      .min(1, "is empty: a room has somebody in it")
      .max(MAX_PARTICIPANTS, `has more than ${MAX_PARTICIPANTS.toLocaleString("en")} people`)
      .refine((all) => new Set(all.map((each) => each.user)).size === all.length, "names somebody twice"),
  })
  .transform((value, context) => {
    if (value.type === "group") {
      const named = roomName.safeParse(value.name);
      if (named.success) return { ...value, name: named.data };
      context.addIssue({ code: "custom", path: ["name"], message: named.error.issues[0]?.message ?? "is not valid" });
    } else if (value.name !== "") {
      context.addIssue({ code: "custom", path: ["name"], message: "must be empty: a direct room has no name" });
    } else if (value.participants.length !== 2) {
      context.addIssue({ code: "custom", path: ["participants"], message: "must be the two people of a direct room" });
    }
    return value;
  });

const reaction = z.strictObject({ user: id, emoji: text.pipe(emoji), created_at: time.optional() });

const PATH_MAX_LENGTH = 4_096;

/** A path beside the imported file. Where it really leads is looked at when the file is opened. */
const filePath = text
  .min(1, "is empty")
  .max(PATH_MAX_LENGTH, `has more than ${PATH_MAX_LENGTH.toLocaleString("en")} characters`)
  .refine(
    (path) => !isAbsolute(path) && !path.includes("\0") && !path.split(/[/\\]/).includes(".."),
    "is not a path that stays in the folder of the imported file, like files/sketch.png",
  );

const message = z
  .strictObject({
    kind: z.literal("message"),
    id,
    room: id,
    /** Who wrote it; they need not be in the room any more. */
    user: id,
    content: text.pipe(messageCaption),
    /** Absent: by what it carries. */
    type: z.enum(messageTypes, { error: `is not one of ${messageTypes.join(", ")}` }).optional(),
    attachment: filePath.nullable().default(null),
    created_at: time,
    edited_at: time.nullable().default(null),
    reactions: listOf(reaction)
      .default([])
      .transform((all) => [...new Map(all.map((each) => [`${each.user} ${each.emoji}`, each])).values()]),
  })
  .refine((value) => value.edited_at === null || value.edited_at >= value.created_at, {
    path: ["edited_at"],
    error: "is before created_at",
  })
  .superRefine(({ content, type = "", attachment }, context) => {
    const words = attachment === null ? messageContent.safeParse(content) : undefined;
    const empty = words?.error?.issues[0]?.message;
    if (empty !== undefined) context.addIssue({ code: "custom", path: ["content"], message: empty });
    const odd = attachment === null ? ["image", "file"].includes(type) : type === "text";
    const message = attachment === null ? "needs an attachment" : "is image or file beside an attachment";
    if (odd) context.addIssue({ code: "custom", path: ["type"], message });
  });

export const recordKinds = { user, project, room, message } as const;
export type RecordKind = keyof typeof recordKinds;

/** A record that obeys every rule that can be checked without a database. */
export type ImportRecord = z.output<(typeof recordKinds)[RecordKind]>;
export type RecordOf<Kind extends RecordKind> = z.output<(typeof recordKinds)[Kind]>;

export const isRecordKind = (kind: string): kind is RecordKind => Object.hasOwn(recordKinds, kind);
