import { GraphQLError, type GraphQLFormattedError } from "graphql";
import type { Logger } from "pino";
import { DomainError, toDomainError, type ErrorCode } from "../../platform/errors.js";

/** The HTTP status of an answer that holds nothing but this error; null where the answer is 200 with `errors`. */
export const httpStatus: Readonly<Record<ErrorCode, number | null>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: null,
  NOT_FOUND: null,
  BAD_USER_INPUT: null,
  CONFLICT: null,
  IDEMPOTENCY_KEY_REUSED: null,
  PAYLOAD_TOO_LARGE: null,
  UNSUPPORTED_MEDIA_TYPE: null,
  RATE_LIMITED: null,
  RESYNC_REQUIRED: null,
  UNAVAILABLE: null,
  INTERNAL_SERVER_ERROR: null,
};

/** The codes with which GraphQL itself refuses a document: not from a verb, but the caller's to mend. */
const DOCUMENT_FAULTS = new Set(["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "OPERATION_RESOLUTION_FAILURE", "BAD_REQUEST", "PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_SUPPORTED"]);

/** A refusal as the graph's own error, for where no resolver is there to throw it. */
export function toGraphqlError(error: unknown): GraphQLError {
  const { code, message, details } = toDomainError(error);
  const status = httpStatus[code];
  return new GraphQLError(message, { extensions: { code, ...details, ...(status === null ? {} : { http: { status } }) } });
}

/**
 * An error as the caller sees it: the code out of the closed list, the field, and never a stack. What was not expected
 * is logged here, once.
 */
export function createErrorFormatter(logger: Logger): (error: GraphQLError) => GraphQLFormattedError {
  return (error) => {
    const { message, locations, path } = error.toJSON();
    const place = { ...(locations === undefined ? {} : { locations }), ...(path === undefined ? {} : { path }) };
    const cause = error.originalError;
    if (cause === undefined || cause instanceof GraphQLError) {
      return { message, ...place, extensions: { code: codeOfDocumentFault(error), ...fieldOf(error) } };
    }
    const refusal = toDomainError(cause);
    if (!(cause instanceof DomainError)) logger.error({ err: cause, path }, "an operation failed");
    return { message: refusal.message, ...place, extensions: { code: refusal.code, ...refusal.details } };
  };
}

/** An input of the wrong type is the caller's fault as much as one of the wrong value. */
function codeOfDocumentFault(error: GraphQLError): string {
  const code = error.extensions.code;
  return typeof code === "string" && (DOCUMENT_FAULTS.has(code) || code in httpStatus) ? code : "BAD_USER_INPUT";
}

function fieldOf({ extensions }: GraphQLError): { field?: string; retryAfterMs?: number } {
  return {
    ...(typeof extensions.field === "string" ? { field: extensions.field } : {}),
    ...(typeof extensions.retryAfterMs === "number" ? { retryAfterMs: extensions.retryAfterMs } : {}),
  };
}
