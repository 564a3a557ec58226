import { z } from "zod";
import type { UserId } from "../../platform/ids.js";
import type { IsoTime } from "../../platform/time.js";
import type { Via } from "../../platform/via.js";

/** Everything that the audit trail has. */
export const auditActions = [
  "room_created",
  "room_deleted",
  "participant_added",
  "participant_removed",
  "message_deleted",
  "users_upserted",
  "projects_upserted",
  "tokens_revoked",
  "access_refused",
  "token_refused",
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Who did it, and how. Neither a person nor the host product: a stranger. */
export interface AuditAuthor {
  readonly actorId: UserId | null;
  readonly isHost: boolean;
  readonly via: Via;
}

/** What was done, in ids and numbers: never what people wrote, and no token. */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly roomId?: number | undefined;
  readonly messageId?: number | undefined;
  /** Whom it was done to. */
  readonly userId?: number | undefined;
  /** What else there is to it, by names as REST writes them. */
  readonly details?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** An entry as it is printed: one JSON object a line. */
export interface AuditLine {
  readonly at: IsoTime;
  readonly action: string;
  readonly actor: "person" | "host" | "stranger";
  readonly actor_id: number | null;
  /** The host product's id of that person. */
  readonly actor_host_id: string | null;
  readonly transport: string;
  readonly address: string;
  readonly request_id: string;
  readonly room_id: number | null;
  readonly message_id: number | null;
  readonly user_id: number | null;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export const auditLine = z.object({
  at: z.string(),
  action: z.string(),
  actor: z.enum(["person", "host", "stranger"]),
  actor_id: z.number().nullable(),
  actor_host_id: z.string().nullable(),
  transport: z.string(),
  address: z.string(),
  request_id: z.string(),
  room_id: z.number().nullable(),
  message_id: z.number().nullable(),
  user_id: z.number().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
}) satisfies z.ZodType<AuditLine>;

export const AUDIT_DEFAULT_LIMIT = 1_000;
export const AUDIT_MAX_LIMIT = 10_000;

const number = z.coerce.number().int().positive();

/** Which entries are asked for, as a command and its server write it: all of what is given. */
export const auditQuery = z.object({
  /** From this moment on. */
  since: z.iso.datetime({ offset: true }).optional(),
  /** Done by or to this person: a username or the host product's id. */
  user: z.string().min(1).optional(),
  action: z.enum(auditActions).optional(),
  room: number.optional(),
  /** The newest ones. */
  limit: number.max(AUDIT_MAX_LIMIT).default(AUDIT_DEFAULT_LIMIT),
});
export type AuditQuery = z.output<typeof auditQuery>;
