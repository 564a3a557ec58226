import { finished } from "node:stream/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { requireFile, type OpenFile } from "../features/attachments/attachment.access.js";
import { failStorage } from "../features/attachments/attachment.actions.js";
import { notFound } from "../platform/errors.js";
import type { Database } from "../platform/orm.js";
import type { Services } from "../platform/scope.js";
import type { ByteRange } from "../platform/storage/storage.js";
import { noteRefusal } from "../platform/refusals.js";
import { viaOf } from "./http.js";
import type { Authenticate } from "./authenticate.js";
import { contentDisposition, isUnchanged, parseRange } from "./media.headers.js";

export interface MediaOptions {
  readonly authenticate: Authenticate;
  readonly database: Database;
  readonly services: Services;
  /** Whether pages of other origins may show the files: those that were configured to call this server. */
  readonly isEmbedded: boolean;
}

const SECOND_MS = 1_000;
/** Nothing in a file may run or load anything, should somebody open it as a page. */
const SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** The files of messages, for who has their signed address and for participants with a bearer token. */
export function mountMedia(app: FastifyInstance, options: MediaOptions): void {
  app.route({
    url: "/media/*",
    method: ["GET", "HEAD"],
    async handler(request: FastifyRequest<{ Params: { "*": string }; Querystring: Record<string, unknown> }>, reply) {
      const { services, database, authenticate } = options;
      const { authorization } = request.headers;
      const { expires, signature } = request.query;
      const signed = typeof expires === "string" && typeof signature === "string" ? { expires, signature } : undefined;
      const viewerId =
        authorization === undefined ? undefined : (await authenticate(authorization, viaOf(request, "media"))).actor.id;
      const objectKey = request.params["*"];
      const wanted = requireFile(database.fork(), services.files.signer, { objectKey, signed, viewerId });
      const file = await wanted.catch((error: unknown) => {
        const who = { actorId: viewerId ?? null, isHost: false, via: viaOf(request, "media") };
        noteRefusal(services.refusals, who, error);
        throw error;
      });
      return answer(request, reply, file, options);
    },
  });
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  file: OpenFile,
  { services, isEmbedded }: MediaOptions,
): Promise<FastifyReply> {
  const etag = `"${file.objectKey.split("/").at(-1)}"`;
  const headers = { ...headersOf(file, services.clock.now()), etag, "last-modified": lastModified(file) };
  reply.headers({ ...headers, "cross-origin-resource-policy": isEmbedded ? "cross-origin" : "same-origin" });
  if (isUnchanged(request.headers, etag, file.storedAt)) return reply.code(304).send();
  const range = parseRange(request.headers, { size: file.size, etag });
  if (range === "unsatisfiable") return reply.code(416).header("content-range", `bytes */${file.size}`).send();
  const length = range === undefined ? file.size : range.end - range.start + 1;
  reply.type(file.contentType === "text/plain" ? "text/plain; charset=utf-8" : file.contentType);
  reply.header("content-length", length);
  if (range !== undefined) reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${file.size}`);
  return request.method === "HEAD" ? reply.send() : send(reply, file, range, services);
}

async function send(
  reply: FastifyReply,
  { objectKey }: OpenFile,
  range: ByteRange | undefined,
  services: Services,
): Promise<FastifyReply> {
  const stream = await services.files.storage.read(objectKey, range).catch(failStorage(services));
  if (stream === undefined) {
    services.logger.error({ objectKey }, "a file that a message names is not in the storage");
    throw notFound("This file");
  }
  // Who goes away in the middle leaves nothing open.
  finished(reply.raw).then(
    () => stream.destroy(),
    () => stream.destroy(),
  );
  return reply.send(stream);
}

function headersOf({ name, isPicture, expiresAt }: OpenFile, now: Date): Readonly<Record<string, string>> {
  const maxAge = expiresAt && Math.floor((expiresAt.getTime() - now.getTime()) / SECOND_MS);
  return {
    "accept-ranges": "bytes",
    // By a token: whether its person is still in the room is asked each time.
    "cache-control": maxAge === undefined ? "private, no-cache" : `private, max-age=${maxAge}, immutable`,
    ...(maxAge === undefined ? { vary: "Authorization" } : {}),
    "content-disposition": contentDisposition(isPicture ? "inline" : "attachment", name),
    "content-security-policy": SANDBOX,
    "x-content-type-options": "nosniff",
  };
}

function lastModified({ storedAt }: OpenFile): string {
  return new Date(storedAt).toUTCString();
}
