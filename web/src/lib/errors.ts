import { i18n, type MessageId } from "@lingui/core";
import { isOfOtherVersion } from "./document-ids.js";
import { isRecord } from "./records.js";
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

function toCode(value: unknown): ErrorCode | null {
  return ERROR_CODES.find((code) => code === value) ?? null;
}

function fromGraphQLError(error: unknown): Failure | null {
  if (!isRecord(error)) return null;
  const extensions = isRecord(error["extensions"]) ? error["extensions"] : {};
  // What is refused for the page's version is asked again by the next one: it waits, as for a server that is away.
  const code = isOfOtherVersion([error]) ? "UNAVAILABLE" : toCode(extensions["code"]);
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

/** What stands between us and the server (a proxy, a guard) says it in seconds, and in no body of ours. */
function readRetryAfter(headers: Headers): number | null {
  const typed = headers.get("retry-after") ?? "";
  return /^\d+$/u.test(typed) ? Number(typed) * 1_000 : null;
}

/** Reads any thrown value as a failure. What is not recognised and not an answer counts as the network. */
export function toFailure(error: unknown): Failure {
  if (CombinedGraphQLErrors.is(error)) {
    const known = error.errors.map(fromGraphQLError).find((failure) => failure !== null);
    return known ?? { code: "INTERNAL_SERVER_ERROR", detail: error.message, retryAfterMs: null };
  }
  if (ServerError.is(error)) {
    const code = CODE_BY_STATUS.get(error.statusCode) ?? "INTERNAL_SERVER_ERROR";
    return parseBody(error.bodyText) ?? { code, detail: null, retryAfterMs: readRetryAfter(error.response.headers) };
  }
  return fromGraphQLError(error) ?? { code: "NETWORK", detail: null, retryAfterMs: null };
}

/** Whether the same request can succeed later without anyone changing it. */
export function isRetryable(code: ErrorCode): boolean {
  return code === "NETWORK" || code === "UNAVAILABLE" || code === "RATE_LIMITED";
}

const WORDS: Readonly<Record<ErrorCode, MessageId>> = {
  UNAUTHENTICATED: /*i18n*/ "Your session has ended. Please log in again.",
  FORBIDDEN: /*i18n*/ "Only the room’s owner or the message’s author may do that.",
  NOT_FOUND: /*i18n*/ "That is no longer there.",
  BAD_USER_INPUT: /*i18n*/ "That was not accepted. Please check what you typed or chose.",
  CONFLICT: /*i18n*/ "That is not possible here, or a limit is reached.",
  IDEMPOTENCY_KEY_REUSED: /*i18n*/ "That message was already sent with other text.",
  PAYLOAD_TOO_LARGE: /*i18n*/ "That is too large. Please choose something smaller.",
  UNSUPPORTED_MEDIA_TYPE: /*i18n*/ "Files of this type are not accepted, or the content is not what the name says.",
  RATE_LIMITED: /*i18n*/ "That was a bit fast. Please wait a moment.",
  RESYNC_REQUIRED: /*i18n*/ "Too much has happened meanwhile. Loading afresh.",
  UNAVAILABLE: /*i18n*/ "The server is not available right now. Please try again shortly.",
  INTERNAL_SERVER_ERROR: /*i18n*/ "Something went wrong on our side. Please try again.",
  NETWORK: /*i18n*/ "No connection to the server. Please check the network.",
};

const SERVER_LANGUAGE = "en";

/** The server's sentence says which rule was broken; for these codes it is more useful than ours, to who reads English. */
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
  if (failure.code === "RATE_LIMITED" && failure.retryAfterMs !== null) {
    const seconds = Math.max(1, Math.ceil(failure.retryAfterMs / 1_000));
    return i18n.t("That was a bit fast. Please try again in {seconds, plural, one {# second} other {# seconds}}.", {
      seconds,
    });
  }
  const isReadable = PREFERS_DETAIL.has(failure.code) && i18n.locale === SERVER_LANGUAGE;
  return (isReadable && failure.detail) || i18n.t(WORDS[failure.code]);
}
