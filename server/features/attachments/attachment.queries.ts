import { randomBytes } from "node:crypto";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { tryLock } from "../../platform/advisory-lock.js";
import type { UserId } from "../../platform/ids.js";
import { query, queryOne, sql, type RawBuilder } from "../../platform/sql.js";
import { toIsoTime, type IsoTime } from "../../platform/time.js";
import type { RoomId } from "../rooms/room.js";
import type { Attachment } from "./attachment.js";

/** The file of a message `m`, as JSON in the shape of {@link Attachment}: with the generation that its room has now. */
export const attachmentColumn: RawBuilder<unknown> = sql`
  (select json_build_object('key', a.key, 'name', a.name, 'size', a.size, 'contentType', a.content_type, 'width', a.width,
     'height', a.height, 'mediaGeneration', r.media_generation)
   from chat_attachment a join chat_room r on r.id = a.room_id where a.id = m.attachment_id) as attachment`;

/** A file that is stored, with what serving it takes. */
export interface StoredAttachment extends Attachment {
  readonly roomId: RoomId;
  readonly thumbnailSize: number | null;
  readonly createdAt: IsoTime;
  /** Whether the person who was asked about is in its room. */
  readonly isParticipant: boolean;
}

interface StoredRow {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly content_type: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly media_generation: number;
  readonly room_id: RoomId;
  readonly thumbnail_size: number | null;
  readonly created_at: Date | string;
  readonly is_participant: boolean;
}

/** The file under this key. @param viewerId whose participation is asked for; undefined: nobody's */
export async function storedAttachment(
  em: SqlEntityManager,
  key: string,
  viewerId: UserId | undefined,
): Promise<StoredAttachment | undefined> {
  const row = await queryOne<StoredRow>(
    em,
    sql`select a.key, a.name, a.size, a.content_type, a.width, a.height, a.room_id, a.thumbnail_size, a.created_at, r.media_generation,
          exists (select 1 from chat_participant p where p.room_id = a.room_id and p.user_id = ${viewerId ?? 0}) as is_participant
        from chat_attachment a join chat_room r on r.id = a.room_id where a.key = ${key}`,
  );
  return (
    row && {
      key: row.key,
      name: row.name,
      size: row.size,
      contentType: row.content_type,
      width: row.width,
      height: row.height,
      mediaGeneration: row.media_generation,
      roomId: row.room_id,
      thumbnailSize: row.thumbnail_size,
      createdAt: toIsoTime(row.created_at),
      isParticipant: row.is_participant,
    }
  );
}

/** Of these keys, those under which there is a file of a message. */
export async function knownKeys(em: SqlEntityManager, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const rows = await query<{ key: string }>(em, sql`select key from chat_attachment where key in (${sql.join(keys)})`);
  return new Set(rows.map(({ key }) => key));
}

const SECRET_BYTES = 48;

/** The secret that addresses of files are signed with: made once, and the same for all nodes on this database. */
export async function mediaSecret(em: SqlEntityManager): Promise<string> {
  const made = randomBytes(SECRET_BYTES).toString("base64url");
  await query(em, sql`insert into chat_media (id, secret) values (1, ${made}) on conflict (id) do nothing`);
  const row = await queryOne<{ secret: string }>(em, sql`select secret from chat_media where id = 1`);
  if (row === undefined) throw new Error("The database has forgotten the secret of the files' addresses.");
  return row.secret;
}

/**
 * Whether it is this node that sweeps now: one of them does, once in `everyMs`, and none while an import runs. That
 * stores its files before it commits, and may take as long as it wants; one that begins later stores nothing as old as
 * what this sweep looks at.
 */
export async function claimSweep(em: SqlEntityManager, now: Date, everyMs: number): Promise<boolean> {
  // Each statement is a transaction of its own, so the lock is let go of at once.
  if (!(await tryLock(em, "import"))) return false;
  const due = new Date(now.getTime() - everyMs).toISOString();
  const rows = await query(
    em,
    sql`update chat_media set swept_at = ${now.toISOString()}::timestamptz
        where id = 1 and (swept_at is null or swept_at <= ${due}::timestamptz) returning id`,
  );
  return rows.length > 0;
}
