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

/** An expected refusal. Its message is shown to the caller, so it says what to do and never what is inside. */
export class DomainError extends Error {
  override readonly name = "DomainError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
  }
}

export function notFound(what: string): DomainError {
  return new DomainError("NOT_FOUND", `${what} does not exist, or you have no access to it.`);
}

export function badInput(field: string, message: string): DomainError {
  return new DomainError("BAD_USER_INPUT", message, { field });
}

/** PostgreSQL's codes for "the server or the way to it is away": the statement did not run, or its outcome is unknown. */
const CONNECTION_FAULTS = new Set([
  "57P01",
  "57P02",
  "57P03",
  "08000",
  "08001",
  "08003",
  "08004",
  "08006",
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
]);

/** The SQLSTATE or system code of an error that the database driver threw, wherever in the chain of causes it stands. */
export function databaseCode(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ("code" in current && typeof current.code === "string") return current.code;
  }
  return undefined;
}

/**
 * Whatever was thrown, as something that may be shown: a refusal stays what it is, a database that is away becomes
 * UNAVAILABLE, and everything else INTERNAL_SERVER_ERROR without its words.
 */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const code = databaseCode(error);
  const lost =
    error instanceof Error && /Connection terminated|timeout exceeded when trying to connect/i.test(error.message);
  if (lost || (code !== undefined && CONNECTION_FAULTS.has(code))) {
    return new DomainError("UNAVAILABLE", "The database is not reachable just now. Try again in a moment.", {
      retryAfterMs: 1_000,
    });
  }
  return new DomainError("INTERNAL_SERVER_ERROR", "Something went wrong on our side. Try once more.");
}
