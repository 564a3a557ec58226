/** Why a call failed, the same for both services. `message` is in words for people; go by `code`. */
export interface ChatFailure {
  /** One of the closed list of docs/errors.md, or `NETWORK` (no answer came) or `DISCONNECTED` (nobody waits for one). */
  readonly code: string;
  readonly detail: string;
  /** The status of the answer; 0 when there was none, and for the WebSocket. */
  readonly status?: number;
  /** What is wrong with which input, by the names of the REST API. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** Waiting so long helps. */
  readonly retryAfterMs?: number | undefined;
  /** What was thrown beneath. */
  readonly cause?: unknown;
}

/** A call that failed. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly retryAfterMs: number | undefined;

  constructor({ code, detail, status = 0, fields = {}, retryAfterMs, cause }: ChatFailure) {
    super(detail, { cause });
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.retryAfterMs = retryAfterMs;
  }
}

const codes: Readonly<Record<number, string>> = {
  400: "BAD_USER_INPUT",
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  422: "IDEMPOTENCY_KEY_REUSED",
  429: "RATE_LIMITED",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "UNAVAILABLE",
};
const SECOND_MS = 1_000;

/** What an answer that is no success says: `{"detail": "..."}`, faults by field, or a proxy's page. */
export function errorOf(status: number, headers: Headers, body: string): ChatError {
  const { detail, ...rest } = parseRefusal(body);
  const fields = Object.fromEntries(Object.entries(rest).filter(([, value]) => Array.isArray(value)));
  const firstFault = Object.values(fields)[0]?.[0];
  const retryAfter = Number(headers.get("retry-after") ?? Number.NaN);
  return new ChatError({
    code: codes[status] ?? (status >= 500 ? "INTERNAL_SERVER_ERROR" : "BAD_USER_INPUT"),
    detail: typeof detail === "string" ? detail : (firstFault ?? `The server answered with status ${status}.`),
    status,
    fields,
    retryAfterMs: Number.isNaN(retryAfter) ? undefined : retryAfter * SECOND_MS,
  });
}

function parseRefusal(body: string): { readonly detail?: unknown } & Readonly<Record<string, readonly string[]>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? (parsed as ReturnType<typeof parseRefusal>) : {};
  } catch {
    return {};
  }
}
