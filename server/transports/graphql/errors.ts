import { GraphQLError, type GraphQLFormattedError } from "graphql";
import type { Logger } from "pino";
import { OUR_FAULT, toDomainError, type ErrorCode } from "../../platform/errors.js";

/** The HTTP status of an answer that holds nothing but this error; null where the answer is 200 with `errors`. */
const loneStatus: Readonly<Record<ErrorCode, number | null>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: null,
  NOT_FOUND: null,
  BAD_USER_INPUT: null,
  CONFLICT: null,
  IDEMPOTENCY_KEY_REUSED: null,
  PAYLOAD_TOO_LARGE: null,
  UNSUPPORTED_MEDIA_TYPE: null,
  RATE_LIMITED: 429,
  RESYNC_REQUIRED: null,
  UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: null,
};

/**
 * A refusal as the graph's own error, for where no resolver is there to throw it. What was not expected is logged
 * here: no formatter sees its cause any more.
 */
export function toGraphqlError(error: unknown, logger?: Logger): GraphQLError {
  const { code, message, details } = toDomainError(error);
  if (code === "INTERNAL_SERVER_ERROR") logger?.error({ err: error }, "a request failed before its operation");
  const status = loneStatus[code];
  return new GraphQLError(message, {
    extensions: { code, ...details, ...(status === null ? {} : { http: { status } }) },
  });
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
    if (isFaultOfAnswer(error)) {
      logger.error({ err: error, path }, "an answer could not be written");
      return { message: OUR_FAULT, ...place, extensions: { code: "INTERNAL_SERVER_ERROR" } };
    }
    if (cause === undefined || cause instanceof GraphQLError) {
      return { message, ...place, extensions: { code: codeOfDocumentFault(error), ...fieldOf(error) } };
    }
    const refusal = toDomainError(cause);
    if (refusal.code === "INTERNAL_SERVER_ERROR") logger.error({ err: cause, path }, "an operation failed");
    return { message: refusal.message, ...place, extensions: { code: refusal.code, ...refusal.details } };
  };
}

/** GraphQL could not write a value that a resolver gave it: ours to mend, not the caller's. */
function isFaultOfAnswer({ originalError, path, extensions }: GraphQLError): boolean {
  return path !== undefined && originalError === undefined && extensions.code === undefined;
}

/** A document or an input that GraphQL itself refuses is the caller's to mend, whatever GraphQL's own code for it. */
function codeOfDocumentFault({ extensions }: GraphQLError): string {
  return typeof extensions.code === "string" && extensions.code in loneStatus ? extensions.code : "BAD_USER_INPUT";
}

function fieldOf({ extensions, message }: GraphQLError): { field?: string; retryAfterMs?: number } {
  const field = typeof extensions.field === "string" ? extensions.field : fieldOfVariable(message);
  return {
    ...(field === undefined ? {} : { field }),
    ...(typeof extensions.retryAfterMs === "number" ? { retryAfterMs: extensions.retryAfterMs } : {}),
  };
}

/** GraphQL says only in words that a variable has not the type it was declared with, and where in it. Values are escaped. */
const BAD_VARIABLE = /^Variable "\$(\w+)" (?:got invalid value|of required type|of non-null type) /;
const PLACE = / at "\w+((?:\.\w+|\[\d+\])+)"; /;
const NO_SUCH_FIELD = /; Field "(\w+)" (?:of required type|is not defined by type) "/;

/** The input that is at fault, as verbs name theirs: without the `input` that all of a mutation's are in. */
function fieldOfVariable(message: string): string | undefined {
  const variable = BAD_VARIABLE.exec(message)?.[1];
  if (variable === undefined) return undefined;
  const field = NO_SUCH_FIELD.exec(message)?.[1];
  const place = `${PLACE.exec(message)?.[1] ?? ""}${field === undefined ? "" : `.${field}`}`.replace(/^\./, "");
  return place === "" ? variable : place;
}

/** The code for a request that can't be read, by the status it is refused with: GraphQL never gets to see it. */
export function codeOfRequestFault(status: number): ErrorCode {
  if (status === 413) return "PAYLOAD_TOO_LARGE";
  return status === 415 ? "UNSUPPORTED_MEDIA_TYPE" : "BAD_USER_INPUT";
}
