import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { drain } from "../drain.js";
import { UnreadableBody } from "./errors.js";
import { describedOf } from "./request.js";

/**
 * How bodies are read: JSON everywhere, a form where a route takes one, and nothing else. No body at all is `{}`. A form
 * is only let through: it is read by who has a place for its file.
 */
export function readBodies(rest: FastifyInstance): void {
  rest.removeAllContentTypeParsers();
  rest.addHook("preParsing", async ({ raw }, _reply, payload) => {
    refuseEncoded(raw);
    return payload;
  });
  rest.addContentTypeParser(
    /^application\/([\w.-]+\+)?json(\s*;|$)/i,
    { parseAs: "string" },
    async (_request: FastifyRequest, text: string) => parseJson(text),
  );
  rest.addContentTypeParser(
    /^multipart\/form-data(\s*;|$)/i,
    async (request: FastifyRequest, stream: IncomingMessage) => {
      if (describedOf(request)?.form === undefined) throw unsupported(request);
      return stream;
    },
  );
  rest.addContentTypeParser("*", async (request: FastifyRequest, stream: IncomingMessage) => {
    if (await hasBody(stream)) throw unsupported(request);
    return {};
  });
}

/** A compressed body would be read as text or as a form, and refused for what it is not. */
function refuseEncoded(request: IncomingMessage): void {
  const {
    "content-encoding": encoding = "identity",
    "content-length": length,
    "transfer-encoding": parts,
  } = request.headers;
  const isEmpty = parts === undefined && Number(length ?? 0) === 0;
  if (isEmpty || encoding.toLowerCase() === "identity") return;
  drain(request);
  throw new UnreadableBody(`Unsupported content encoding "${encoding}" in request: send the body as it is.`, 415);
}

/** Whether anything comes at all; what does is read and forgotten, so that the connection can be used again. */
function hasBody(stream: IncomingMessage): Promise<boolean> {
  return new Promise((resolve, reject) => {
    stream.once("data", () => {
      drain(stream);
      resolve(true);
    });
    stream.once("end", () => resolve(false));
    stream.once("error", reject);
  });
}

function unsupported(request: FastifyRequest): UnreadableBody {
  const sent = request.headers["content-type"] ?? "";
  const takesForm = describedOf(request)?.form !== undefined;
  const taken = takesForm ? "application/json or multipart/form-data" : "application/json";
  return new UnreadableBody(`Unsupported media type "${sent}" in request: send ${taken}.`, 415);
}

function parseJson(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableBody(`JSON parse error - ${error instanceof Error ? error.message : "this is no JSON"}`);
  }
}
