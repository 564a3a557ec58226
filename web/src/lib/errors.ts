import { CombinedGraphQLErrors, ServerError } from "@apollo/client/errors";

/** The server's closed list, and NETWORK for what never reached it. */
export const ERROR_CODES = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "BAD_USER_INPUT",
  "CONFLICT",
  "IDEMPOTENCY_KEY_REUSED",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "RATE_LIMITED",
  "RESYNC_REQUIRED",
  "UNAVAILABLE",
  "INTERNAL_SERVER_ERROR",
  "NETWORK",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What went wrong, as far as the client has to decide anything by it. */
export interface Failure {
  readonly code: ErrorCode;
  /** The server's own sentence, when it sent one. */
  readonly detail: string | null;
  readonly retryAfterMs: number | null;
}

const CODE_BY_STATUS: ReadonlyMap<number, ErrorCode> = new Map([
  [401, "UNAUTHENTICATED"],
  [403, "FORBIDDEN"],
  [404, "NOT_FOUND"],
  [413, "PAYLOAD_TOO_LARGE"],
  [415, "UNSUPPORTED_MEDIA_TYPE"],
  [429, "RATE_LIMITED"],
  [502, "UNAVAILABLE"],
  [503, "UNAVAILABLE"],
  [504, "UNAVAILABLE"],
]);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function toCode(value: unknown): ErrorCode | null {
  return ERROR_CODES.find((code) => code === value) ?? null;
}

function fromGraphQLError(error: unknown): Failure | null {
  if (!isRecord(error)) return null;
  const extensions = isRecord(error["extensions"]) ? error["extensions"] : {};
  const code = toCode(extensions["code"]);
  if (!code) return null;
  const retryAfterMs = extensions["retryAfterMs"];
  return {
    code,
    detail: typeof error["message"] === "string" ? error["message"] : null,
    retryAfterMs: typeof retryAfterMs === "number" ? retryAfterMs : null,
  };
}

function parseBody(bodyText: string): Failure | null {
  try {
    const body: unknown = JSON.parse(bodyText);
    const errors = isRecord(body) ? body["errors"] : null;
    return Array.isArray(errors) ? fromGraphQLError(errors[0]) : null;
  } catch {
    return null;
  }
}

/** Reads any thrown value as a failure. What is not recognised and not an answer counts as the network. */
export function toFailure(error: unknown): Failure {
  if (CombinedGraphQLErrors.is(error)) {
    const known = error.errors.map(fromGraphQLError).find((failure) => failure !== null);
    return known ?? { code: "INTERNAL_SERVER_ERROR", detail: error.message, retryAfterMs: null };
  }
  if (ServerError.is(error)) {
    const code = CODE_BY_STATUS.get(error.statusCode) ?? "INTERNAL_SERVER_ERROR";
    return parseBody(error.bodyText) ?? { code, detail: null, retryAfterMs: null };
  }
  return fromGraphQLError(error) ?? { code: "NETWORK", detail: null, retryAfterMs: null };
}

/** Whether the same request can succeed later without anyone changing it. */
export function isRetryable(code: ErrorCode): boolean {
  return code === "NETWORK" || code === "UNAVAILABLE" || code === "RATE_LIMITED";
}

const WORDS: Readonly<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: "Your session has ended. Please log in again.",
  FORBIDDEN: "You may not do that.",
  NOT_FOUND: "That is no longer there.",
  BAD_USER_INPUT: "That was not accepted.",
  CONFLICT: "That is not possible here.",
  IDEMPOTENCY_KEY_REUSED: "That message was already sent with other text.",
  PAYLOAD_TOO_LARGE: "That is too large.",
  UNSUPPORTED_MEDIA_TYPE: "Files of this type are not accepted.",
  RATE_LIMITED: "That was a bit fast. Please wait a moment.",
  RESYNC_REQUIRED: "Too much has happened meanwhile. Loading afresh.",
  UNAVAILABLE: "The server is not available right now. Please try again shortly.",
  INTERNAL_SERVER_ERROR: "Something went wrong on our side. Please try again.",
  NETWORK: "No connection to the server. Please check the network.",
};

/** The server's sentence says which rule was broken; for these codes it is more useful than ours. */
const PREFERS_DETAIL: ReadonlySet<ErrorCode> = new Set([
  "BAD_USER_INPUT",
  "CONFLICT",
  "FORBIDDEN",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
]);

/** A sentence for people. */
export function describeError(error: unknown): string {
  const failure = toFailure(error);
  return PREFERS_DETAIL.has(failure.code) && failure.detail ? failure.detail : WORDS[failure.code];
}
