import type { Logger } from "pino";
import { toDomainError, type DomainError, type ErrorCode } from "../../platform/errors.js";
import type { RefusalReason } from "../connections.js";
import { closeCodes, type CloseCode, type Closing, type FrameOfConnection } from "./protocol.js";

/** For every code: how a socket ends for which it stands in the way of following, and how a command that it stops. */
const answers: Readonly<Record<ErrorCode, { readonly following: CloseCode; readonly command: "frame" | CloseCode }>> = {
  UNAUTHENTICATED: { following: closeCodes.UNAUTHENTICATED, command: closeCodes.UNAUTHENTICATED },
  FORBIDDEN: { following: closeCodes.NOT_FOUND, command: "frame" },
  NOT_FOUND: { following: closeCodes.NOT_FOUND, command: "frame" },
  BAD_USER_INPUT: { following: closeCodes.BAD_REQUEST, command: "frame" },
  CONFLICT: { following: closeCodes.OUR_FAULT, command: "frame" },
  IDEMPOTENCY_KEY_REUSED: { following: closeCodes.OUR_FAULT, command: "frame" },
  PAYLOAD_TOO_LARGE: { following: closeCodes.OUR_FAULT, command: "frame" },
  UNSUPPORTED_MEDIA_TYPE: { following: closeCodes.OUR_FAULT, command: "frame" },
  RATE_LIMITED: { following: closeCodes.TRY_AGAIN, command: "frame" },
  RESYNC_REQUIRED: { following: closeCodes.RESYNC_REQUIRED, command: closeCodes.RESYNC_REQUIRED },
  UNAVAILABLE: { following: closeCodes.TRY_AGAIN, command: "frame" },
  INTERNAL_SERVER_ERROR: { following: closeCodes.OUR_FAULT, command: "frame" },
};

/** How a socket ends that is not let in. */
export const closingOfRefusal: Readonly<Record<RefusalReason, CloseCode>> = {
  unauthenticated: closeCodes.UNAUTHENTICATED,
  "too many": closeCodes.TOO_MANY,
  away: closeCodes.TRY_AGAIN,
  "our fault": closeCodes.OUR_FAULT,
};

/** How a socket ends that can't follow, or can't follow any more. What was not expected is logged here, once. */
export function closingFor(error: unknown, logger: Logger): Closing {
  const refusal = expected(error, logger, "a socket could not follow its room");
  return { code: answers[refusal.code].following, reason: refusal.message };
}

/** The answer to a command that failed. What was not expected is logged here, once. */
export function answerTo(
  error: unknown,
  key: string | undefined,
  logger: Logger,
): { readonly closing: Closing } | { readonly frame: FrameOfConnection } {
  const { code, message, details } = expected(error, logger, "a command failed");
  const answer = answers[code].command;
  if (answer !== "frame") return { closing: { code: answer, reason: message } };
  return {
    frame: {
      type: "error",
      code,
      detail: message,
      ...(details.retryAfterMs === undefined ? {} : { retry_after_ms: details.retryAfterMs }),
      ...(key === undefined ? {} : { client_mutation_id: key }),
    },
  };
}

function expected(error: unknown, logger: Logger, what: string): DomainError {
  const refusal = toDomainError(error);
  if (refusal.code === "INTERNAL_SERVER_ERROR") logger.error({ err: error }, what);
  return refusal;
}
