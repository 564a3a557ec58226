import { isNativeError } from "node:util/types";
import { pino, type DestinationStream, type Logger } from "pino";

export type { Logger } from "pino";

const REDACTED = "[redacted]";

/** Names of fields whose value is a secret, or is what somebody wrote. In lower case. */
const PRIVATE_FIELDS = new Set([
  "authorization",
  "cookie",
  "sec-websocket-protocol",
  "token",
  "password",
  "secret",
  "jwtsecret",
  "servicetoken",
  "content",
  "text",
  "body",
  "variables",
]);
const MAX_DEPTH = 6;

/** What is private by its looks, wherever it stands in a line of JSON. */
const PRIVATE_TEXT: readonly (readonly [RegExp, string])[] = [
  // A private field of an object with a class of its own.
  [new RegExp(`("(?:${[...PRIVATE_FIELDS].join("|")})"):"(?:[^"\\\\]|\\\\.)*"`, "gi"), `$1:"${REDACTED}"`],
  // A bearer header, a JWT, the password in a URL, the signature of one.
  [/\b(bearer[ ,]+)[\w.~+/=-]+/gi, `$1${REDACTED}`],
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, REDACTED],
  [/(:\/\/[^\s:/@"\\]*:)[^\s/"\\]+(?=@)/g, `$1${REDACTED}`],
  [/([?&](?:token|signature|sig|access_token)=)[^&\s"\\]+/gi, `$1${REDACTED}`],
];

/**
 * JSON lines on standard output, or to `destination`. Tokens, passwords and what people wrote are left out, by the name
 * of their field and by their looks. Of an error only its kind, code, message, stack and causes are written: what else
 * a database driver hangs on it holds the values of the statement.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { log: (fields: Record<string, unknown>) => redactFields(fields, 0) },
    serializers: { err: serializeError, error: serializeError },
    hooks: { streamWrite: redactText },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** A copy without the private fields. pino's own redaction, by paths with wildcards, takes ten times as long. */
function redactFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      PRIVATE_FIELDS.has(name.toLowerCase()) ? REDACTED : redactValue(value, depth + 1),
    ]),
  );
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  // Others (errors, requests, dates) have serializers of their own.
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? redactFields(value, depth) : value;
}

function redactText(line: string): string {
  return PRIVATE_TEXT.reduce((text, [secret, replacement]) => text.replace(secret, replacement), line);
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
