import type { IncomingMessage } from "node:http";
import { Transform, type TransformCallback } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { processRequest } from "graphql-upload-ts";
import { brokenOff, tooLarge } from "../../features/attachments/attachment.js";
import { DomainError } from "../../platform/errors.js";
import { drain } from "../drain.js";
import { statusOfRequestFault } from "../http.js";

/** For each of the two fields that say what to do; as much as a JSON body may have. */
const MAX_FIELD_BYTES = 256 * 1024;
/** What is read before a verb wants the file: both fields and the parts' headers have to fit in. */
const FREE_BYTES = 2 * MAX_FIELD_BYTES + 64 * 1024;

/**
 * Between the connection and the parser: lets the fields of a multipart request through, and no more of its file than
 * comes with them until it is opened. A sender who may not send has then sent nothing that was kept.
 */
export class Gate extends Transform {
  private free = FREE_BYTES;
  private pass: (() => void) | undefined;

  /** The parser asks for them, to know the boundary. */
  constructor(readonly headers: IncomingMessage["headers"]) {
    super();
  }

  open(): void {
    this.free = Number.POSITIVE_INFINITY;
    this.pass?.();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.pass = () => {
      this.pass = undefined;
      this.free -= chunk.length;
      done(null, chunk);
    };
    if (this.free > 0) this.pass();
  }
}

export interface MultipartRules {
  readonly maxBytes: number;
  /** Called before anything is read. Throws to refuse. */
  readonly begin: () => void;
}

/**
 * Reads a request by the GraphQL multipart request specification up to its file: what is to be done becomes its body.
 * @returns the gate before the file
 * @throws DomainError PAYLOAD_TOO_LARGE when the request says so itself, BAD_USER_INPUT for what can't be read, and
 *   whatever `begin` says
 */
export async function readMultipart(
  request: FastifyRequest,
  reply: FastifyReply,
  { maxBytes, begin }: MultipartRules,
): Promise<Gate> {
  const { raw } = request;
  // Gone while it was asked who they are: what has come would be read, and its end never be heard of.
  if (raw.destroyed) throw brokenOff();
  reply.raw.once("close", () => drain(raw));
  if (Number(raw.headers["content-length"] ?? 0) > maxBytes + FREE_BYTES) throw tooLarge(maxBytes);
  begin();
  const gate = new Gate(raw.headers);
  // Whoever reads the file learns from the parser that it has ended too early.
  gate.on("error", () => {});
  raw.once("close", () => raw.readableEnded || gate.destroy());
  reply.raw.once("close", () => gate.destroy());
  raw.pipe(gate);
  const options = { maxFieldSize: MAX_FIELD_BYTES, maxFileSize: maxBytes + 1, maxFiles: 1 };
  request.body = await processRequest(parseable(gate), reply.raw, options).catch((error: unknown) => {
    throw toRefusal(error);
  });
  return gate;
}

/** The parser asks for less of a request than its types say: a stream with the headers. */
function parseable(gate: Gate): Parameters<typeof processRequest>[0] {
  return gate as unknown as Parameters<typeof processRequest>[0];
}

/** The parser's words are for people who write clients, and say what is wrong. */
function toRefusal(error: unknown): DomainError {
  const words = error instanceof Error ? error.message : "This request can't be read.";
  return new DomainError(statusOfRequestFault(error) === 413 ? "PAYLOAD_TOO_LARGE" : "BAD_USER_INPUT", words);
}
