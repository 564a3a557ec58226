import { ChatError, errorOf } from "./errors.ts";
import { addressOf, type ChatOptions } from "./settings.ts";
import { BACKOFF_MAX_MS, backoffMs, pause, type After } from "./timing.ts";

const MAX_RETRIES = 3;
const ANSWER_WITHIN_MS = 30_000;
/** A file takes its time on a slow line. */
const UPLOAD_WITHIN_MS = 300_000;

export interface ChatRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below `/api/chat`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** An object goes as JSON. */
  readonly body?: object;
  readonly idempotencyKey?: string;
  /** Whether doing it twice is doing it once. Only then it is tried again when it is not known to have been done. */
  readonly isRepeatable: boolean;
  /** Whether a try again that fails like this shows that an earlier one has succeeded. */
  readonly isDone?: (error: ChatError) => boolean;
}

/** The caller's requests to one server. */
export class Requests {
  readonly #options: ChatOptions;
  readonly #after: After;

  constructor(options: ChatOptions, after: After) {
    this.#options = options;
    this.#after = after;
  }

  /**
   * The body of the answer. Failures that pass (no answer in time, 429, 502 to 504) are tried again up to three times where
   * that is safe.
   * @throws ChatError
   */
  async send<Answer>(request: ChatRequest): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return parseBody<Answer>(await this.#authenticated(request));
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        if (attempt > 0 && request.isDone?.(error) === true) return parseBody<Answer>("");
        const waitMs = error.retryAfterMs ?? backoffMs(attempt);
        if (!request.isRepeatable || !passes(error) || attempt >= MAX_RETRIES || waitMs > BACKOFF_MAX_MS) throw error;
        await pause(this.#after, waitMs);
      }
    }
  }

  /** A refused token may just have run out: one more is asked for. The server looks at it before all else. */
  async #authenticated(request: ChatRequest): Promise<string> {
    const token = await this.#options.token();
    try {
      return await this.#once(request, token);
    } catch (error) {
      if (!(error instanceof ChatError) || error.status !== 401) throw error;
      const newer = await this.#options.token(token);
      if (newer === token) throw error;
      return this.#once(request, newer);
    }
  }

  async #once(request: ChatRequest, token: string): Promise<string> {
    const { method, body, idempotencyKey } = request;
    const isForm = body instanceof FormData;
    const deadline = new AbortController();
    const cancel = this.#after(isForm ? UPLOAD_WITHIN_MS : ANSWER_WITHIN_MS, () => deadline.abort());
    try {
      const response = await fetch(urlOf(this.#options, request), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: "application/json",
          ...(body === undefined || isForm ? {} : { "content-type": "application/json" }),
          ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
        signal: deadline.signal,
      });
      const text = await response.text();
      if (response.ok) return text;
      throw errorOf(response.status, response.headers, text);
    } catch (error) {
      if (error instanceof ChatError) throw error;
      const detail = "The server did not answer. Check the connection and try again.";
      throw new ChatError({ code: "NETWORK", detail, cause: error });
    } finally {
      cancel();
    }
  }
}

function urlOf(options: ChatOptions, { path, query = {} }: ChatRequest): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return `${addressOf(options)}/api/chat${path}${given.size > 0 ? `?${given}` : ""}`;
}

const passes = ({ code }: ChatError): boolean => ["NETWORK", "UNAVAILABLE", "RATE_LIMITED"].includes(code);

function parseBody<Answer>(text: string): Answer {
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}
