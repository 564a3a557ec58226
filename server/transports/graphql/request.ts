import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { AskedOperation } from "./documents.js";
import type { DocumentRequest } from "./trusted.js";

const anyOperation = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.preprocess(parseIfText, z.record(z.string(), z.unknown()).nullish()),
});

/** What is asked for, by POST or GET; undefined for what Apollo refuses to read. */
export function operationIn({ method, body, raw }: FastifyRequest): AskedOperation | undefined {
  const asked = method === "GET" ? Object.fromEntries(new URL(raw.url ?? "", "http://localhost").searchParams) : body;
  return anyOperation.safeParse(asked).data;
}

/** In an address variables are JSON. */
function parseIfText(variables: unknown): unknown {
  if (typeof variables !== "string") return variables;
  try {
    return JSON.parse(variables);
  } catch {
    return undefined;
  }
}

/** Puts the text that a request names by an id where Apollo looks for it; what names none stays as it is. */
export function putText(request: FastifyRequest, textOf: (named: DocumentRequest) => string | undefined): void {
  if (request.method === "GET") {
    const url = new URL(request.url, "http://localhost");
    const text = textOf(namedIn(url.searchParams));
    if (text === undefined) return;
    url.searchParams.set("query", text);
    url.searchParams.delete("extensions");
    request.raw.url = `${url.pathname}${url.search}`;
    return;
  }
  const { body } = request;
  if (typeof body !== "object" || body === null || Array.isArray(body)) return;
  const text = textOf(body);
  if (text !== undefined) Object.assign(body, { query: text, extensions: null });
}

function namedIn(search: URLSearchParams): DocumentRequest {
  const named = { query: search.get("query"), documentId: search.get("documentId") };
  try {
    return { ...named, extensions: JSON.parse(search.get("extensions") ?? "null") };
  } catch {
    // Apollo says what is wrong with it.
    return named;
  }
}
