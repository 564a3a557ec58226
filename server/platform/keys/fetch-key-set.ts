import { isNativeError } from "node:util/types";
import { errorCode } from "../system-error.js";
import type { Clock } from "../time.js";
import { parseKeySet, type KeySet } from "./key-set.js";

/** What one look brought: a whole key set, which may be empty; or why there is none, in words that go on after a colon. */
export type Look = { readonly keys: KeySet } | { readonly problem: string };

export interface KeyAddress {
  readonly url: string;
  readonly clock: Clock;
  /** Ends a look that runs. */
  readonly signal: AbortSignal;
}

export const FETCH_LIMIT_MS = 5_000;
export const MAX_KEY_SET_BYTES = 256 * 1024;

/** Asks the address for its keys, once and without fail: no redirect is followed, and time and size have a limit. */
export async function fetchKeySet({ url, clock, signal }: KeyAddress): Promise<Look> {
  const limit = new AbortController();
  const disarm = clock.after(FETCH_LIMIT_MS, () => limit.abort());
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, limit.signal]),
      redirect: "manual",
      headers: { accept: "application/jwk-set+json, application/json" },
    });
    return await readAnswer(response);
  } catch (error) {
    return { problem: limit.signal.aborted ? `no answer within ${FETCH_LIMIT_MS / 1_000} s` : describeBreak(error) };
  } finally {
    disarm();
  }
}

async function readAnswer(response: Response): Promise<Look> {
  const refusal = problemOf(response);
  const text = refusal === undefined ? await textOf(response) : undefined;
  if (text === undefined) {
    await response.body?.cancel();
    return { problem: refusal ?? `it answers more than ${MAX_KEY_SET_BYTES / 1024} KiB` };
  }
  const keys = await parseKeySet(text);
  if (keys !== undefined) return { keys };
  const type = response.headers.get("content-type") ?? "without a type";
  return { problem: `its answer (${type}) is no JSON Web Key Set: {"keys": [...]}` };
}

/** The whole body; undefined when it is too much. */
async function textOf(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_KEY_SET_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function problemOf({ status }: Response): string | undefined {
  if (status === 200) return undefined;
  if (status >= 300 && status < 400) return `it redirects (${status}), which is not followed: set the final address`;
  return `it answers ${status}`;
}

/** Only why there was no connection: fetch's own words are the same for everything. */
function describeBreak(error: unknown): string {
  const cause = isNativeError(error) && error.cause !== undefined ? error.cause : error;
  return `no connection (${errorCode(cause) ?? (isNativeError(cause) ? cause.message : "it broke")})`;
}
