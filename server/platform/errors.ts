import { isUnusablePlan } from "./prepared.js";
import { errorCode } from "./system-error.js";

/** Everything that can be refused, on every transport: the closed list of codes, and the one error that carries them. */
export const errorCodes = {
  UNAUTHENTICATED: { retryable: false },
  FORBIDDEN: { retryable: false },
  NOT_FOUND: { retryable: false },
  BAD_USER_INPUT: { retryable: false },
  CONFLICT: { retryable: false },
  IDEMPOTENCY_KEY_REUSED: { retryable: false },
  PAYLOAD_TOO_LARGE: { retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { retryable: false },
  RATE_LIMITED: { retryable: true },
  RESYNC_REQUIRED: { retryable: false },
  UNAVAILABLE: { retryable: true },
  INTERNAL_SERVER_ERROR: { retryable: true },
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetails {
  /** The input that is at fault, as the caller named it. */
  readonly field?: string;
  /** Milliseconds after which the same call may succeed. */
  readonly retryAfterMs?: number;
}

/** What a refusal is about. */
export interface Subject {
  readonly roomId?: number;
  readonly messageId?: number;
  readonly participantId?: number;
  readonly reactionId?: number;
}

/** An expected refusal. Its message is shown to the caller, so it says what to do and never what is inside. */
export class DomainError extends Error {
  override readonly name = "DomainError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    /** What was asked for, for the audit trail: never shown. */
    readonly subject: Subject = {},
  ) {
    super(message);
  }
}

/** All that is said of an error that nobody expected. */
export const OUR_FAULT = "Something went wrong on our side. Try once more.";

export function notFound(what: string, subject: Subject = {}): DomainError {
  return new DomainError("NOT_FOUND", `${what} does not exist, or you have no access to it.`, {}, subject);
}

export function badInput(field: string, message: string): DomainError {
  return new DomainError("BAD_USER_INPUT", message, { field });
}

/**
 * The database is away: the statement did not run, or its outcome is unknown. PostgreSQL's codes for a lost connection,
 * and a server that stops, starts or has no more connections; and the system's.
 */
const AWAY = new Set([
  ...["57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006", "53300"],
  ...[
    "ECONNRESET",
    "ECONNREFUSED",
    "ECONNABORTED",
    "EPIPE",
    "ETIMEDOUT",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "EAI_AGAIN",
  ],
]);

/** It could not do it in time, or lost against others even after several tries. */
const TOO_BUSY = new Set(["57014", "25P03", "40001", "40P01", "55P03"]);

/**
 * The database has answered that it did not do it. Otherwise, as when the connection broke, it may have done it or be
 * about to.
 */
export function wasRolledBack(error: unknown): boolean {
  const code = databaseCode(error) ?? "";
  return /^[0-9P][0-9A-Z]{4}$/.test(code) && !/^(08|57P|40003)/.test(code);
}

/** What the driver and its pool say without a code. */
const AWAY_WORDS =
  /Connection terminated|Connection ended|timeout exceeded when trying to connect|not queryable|already been destroyed|Query read timeout|after calling end on the pool/i;

const MAX_CAUSES = 8;

/** An error and what caused it. Asks for properties and not for a class: a driver's errors may be of another realm. */
function* chainOf(error: unknown): Generator<object> {
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES && typeof current === "object" && current !== null; depth += 1) {
    yield current;
    current = "cause" in current ? current.cause : undefined;
  }
}

/** The SQLSTATE or system code of an error that the database driver threw, wherever in the chain of causes it stands. */
export function databaseCode(error: unknown): string | undefined {
  for (const link of chainOf(error)) {
    const code = errorCode(link);
    if (code !== undefined) return code;
  }
  return undefined;
}

/** Whether nobody answers where the database should be, or not yet. */
export function isDatabaseAway(error: unknown): boolean {
  if (AWAY.has(databaseCode(error) ?? "")) return true;
  return [...chainOf(error)].some((link) => "message" in link && AWAY_WORDS.test(String(link.message)));
}

/**
 * Whatever was thrown, as something that may be shown: a refusal stays what it is, a database that is away becomes
 * UNAVAILABLE, and everything else INTERNAL_SERVER_ERROR without its words.
 */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (isDatabaseAway(error) || TOO_BUSY.has(databaseCode(error) ?? "") || isUnusablePlan(error)) {
    return new DomainError("UNAVAILABLE", "The database can't be reached just now. Try again in a moment.", {
      retryAfterMs: 1_000,
    });
  }
  return new DomainError("INTERNAL_SERVER_ERROR", OUR_FAULT);
}
