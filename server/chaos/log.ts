import { z } from "zod";
import type { Happened, Log } from "./history.js";
import type { OwnPostgres } from "./postgres.js";

const row = z.object({
  stream: z.string(),
  seq: z.number(),
  kind: z.string(),
  subject_id: z.number().nullable(),
  payload: z.looseObject({
    roomId: z.number().optional(),
    room: z.object({ id: z.number() }).optional(),
    messageId: z.number().optional(),
    message: z.object({ id: z.number() }).optional(),
    reaction: z.object({ messageId: z.number(), userId: z.number(), emoji: z.string() }).optional(),
    participant: z.object({ userId: z.number() }).optional(),
    read: z.object({ roomId: z.number() }).optional(),
  }),
  at_ms: z.number(),
  client_key: z.string().nullable(),
});
type Row = z.infer<typeof row>;

/** The whole log, as PostgreSQL has it, with the key of each message that was sent under one. */
export async function readLogs(postgres: OwnPostgres): Promise<readonly Log[]> {
  const rows = await postgres.query(
    `select e.stream, e.seq, e.kind, e.subject_id, e.payload, extract(epoch from e.at)::float8 * 1000 as at_ms, m.client_key
     from feed_entry e left join chat_message m on e.kind = 'message_sent' and m.id = e.subject_id
     order by e.stream, e.seq`,
  );
  const logs = new Map<string, Happened[]>();
  for (const each of rows) {
    const entry = row.parse(each);
    const entries = logs.get(entry.stream) ?? [];
    logs.set(entry.stream, entries);
    entries.push({
      seq: entry.seq,
      what: whatOf(entry),
      ...(entry.client_key === null ? {} : { key: entry.client_key }),
      atMs: entry.at_ms,
    });
  }
  return [...logs].map(([stream, entries]) => ({ stream, entries }));
}

/** Which event it is, in the words in which every follower tells of it. */
function whatOf({ kind, subject_id: subject, payload }: Row): string {
  const { reaction, participant, read, room, roomId, messageId, message } = payload;
  if (kind === "message_sent") return `message_sent ${subject}`;
  if (reaction !== undefined) return [kind, reaction.messageId, reaction.userId, reaction.emoji].join(" ");
  if (kind === "room_changed") return kind;
  return [kind, message?.id ?? messageId ?? participant?.userId ?? read?.roomId ?? room?.id ?? roomId].join(" ");
}
