import { isNativeError } from "node:util/types";
import { pino, type DestinationStream, type Logger } from "pino";

export type { Logger } from "pino";

const REDACTED = "[redacted]";

/** Names of fields whose value is a secret, or is what somebody wrote. */
const PRIVATE_FIELDS = [
  "authorization",
  "cookie",
  "token",
  "password",
  "secret",
  "jwtSecret",
  "serviceToken",
  "content",
  "text",
  "body",
  "displayName",
  "variables",
  "headers.authorization",
  "headers.cookie",
  "headers['sec-websocket-protocol']",
];
const MAX_DEPTH = 3;

/** Secrets by their looks, wherever they stand in a line: a bearer header, a JWT, the password or signature in a URL. */
const SECRETS_IN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer[ ,]+)[\w.~+/=-]+/gi, `$1${REDACTED}`],
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, REDACTED],
  [/(:\/\/[^\s:/@"\\]*:)[^\s/"\\]+(?=@)/g, `$1${REDACTED}`],
  [/([?&](?:token|signature|sig|access_token)=)[^&\s"\\]+/gi, `$1${REDACTED}`],
];

/**
 * JSON lines on standard output, or to `destination`. Tokens, passwords and what people wrote are left out: by the name of their
 * field down to the third level, by their looks everywhere. Of an error only its kind, code, message, stack and cause are
 * written: what else a database driver hangs on it holds the values of the statement.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: redactedPaths(), censor: REDACTED },
    serializers: { err: serializeError, error: serializeError },
    hooks: { streamWrite: withoutSecrets },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function redactedPaths(): string[] {
  return Array.from({ length: MAX_DEPTH + 1 }, (_, depth) => "*.".repeat(depth)).flatMap((prefix) =>
    PRIVATE_FIELDS.map((field) => `${prefix}${field}`),
  );
}

function withoutSecrets(line: string): string {
  return SECRETS_IN_TEXT.reduce((text, [secret, replacement]) => text.replace(secret, replacement), line);
}

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly stack?: string | undefined;
  readonly cause?: LoggedError;
}

const MAX_CAUSES = 3;

function serializeError(error: unknown): LoggedError {
  return describeError(error, 0);
}

function describeError(error: unknown, depth: number): LoggedError {
  if (!isNativeError(error)) return { type: typeof error, message: String(error) };
  return {
    type: error.name,
    message: error.message,
    ...("code" in error ? { code: error.code } : {}),
    stack: error.stack,
    ...(error.cause !== undefined && depth < MAX_CAUSES ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}
