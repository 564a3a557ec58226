import { randomUUID } from "node:crypto";
import { open, unlink, type FileHandle } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { auditQuery } from "../features/audit/audit.js";
import { auditTrail } from "../features/audit/audit.queries.js";
import { findUserByName } from "../features/directory/directory.queries.js";
import { DomainError } from "../platform/errors.js";
import { parseInput } from "../platform/input.js";
import type { Database } from "../platform/orm.js";
import { secretCheck } from "../platform/secrets.js";

/** A file that a command has sent, whole. */
export interface Upload {
  readonly source: AsyncIterable<Uint8Array>;
  /** The folder on this machine that it came from, with the files that it names. */
  readonly beside: string;
  /** The command has gone away: nobody wants it any more. */
  readonly signal: AbortSignal;
}

export interface Control {
  /** Whoever knows it may use the data folder. */
  readonly key: string;
  /** Where a file waits until all of it has come. */
  readonly folder: string;
  /** Imports it, and tells in plain data how that goes and how it ended. Never throws. */
  importFile(upload: Upload, tell: (event: object) => void): Promise<void>;
}

export const JSON_LINES = "application/jsonl";

/**
 * What commands beside a server that holds the embedded database ask of it, since only one process can open that. The
 * key is asked for before anything else of a request is read.
 */
export async function mountControl(app: FastifyInstance, database: Database, control: Control): Promise<void> {
  await app.register(async (routes) => {
    const isKey = secretCheck(`Bearer ${control.key}`);
    routes.addHook("onRequest", async (request) => requireKey(request, isKey));
    // The file goes to the disk as it comes, whatever its size.
    routes.addContentTypeParser(JSON_LINES, (_request, payload, done) => done(null, payload));
    routes.get("/control/users", async (request) => {
      const { name } = parseInput(userQuery, request.query);
      const user = await findUserByName(database.fork(), name);
      if (user === undefined) throw new DomainError("NOT_FOUND", "There is no such user.");
      return { host_id: user.hostId, username: user.username, display_name: user.displayName };
    });
    routes.get("/control/audit", (request) => auditTrail(database.fork(), parseInput(auditQuery, request.query)));
    routes.post("/control/import", (request, reply) => receiveImport(request, reply, control));
  });
}

const importQuery = z.object({
  beside: z.string().refine(isAbsolute, "Say which folder the file is in, by its whole path: ?beside=/home/me/export"),
});
const userQuery = z.object({ name: z.string({ error: "Say who: ?name=john" }) });

function requireKey({ headers }: FastifyRequest, isKey: (given: unknown) => boolean): void {
  if (!isKey(headers.authorization))
    throw new DomainError("UNAUTHENTICATED", "This needs the key in the lock file of the data folder.");
}

/**
 * Takes the whole file before anything is done with it: a sender that stalls must not hold the database up, which has
 * one connection.
 */
async function receiveImport(request: FastifyRequest, reply: FastifyReply, control: Control): Promise<FastifyReply> {
  if (!(request.body instanceof Readable))
    throw new DomainError("UNSUPPORTED_MEDIA_TYPE", `Send the file as ${JSON_LINES}.`);
  const { beside } = parseInput(importQuery, request.query);
  const file = await openUnnamed(control.folder);
  try {
    for await (const chunk of request.body) await file.appendFile(chunk);
  } catch (error) {
    await file.close();
    throw error;
  }
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const answer = new PassThrough();
  // An answer that nobody reads any more is no fault.
  answer.on("error", () => {});
  // With it, whoever ends it closes the file.
  const source = file.createReadStream({ start: 0 });
  const tell = (event: object): void => void answer.write(`${JSON.stringify(event)}\n`);
  const end = (): void => {
    answer.end();
    source.destroy();
  };
  void control.importFile({ source, beside, signal: gone.signal }, tell).then(end, end);
  return reply.type(JSON_LINES).send(answer);
}

/** A file that is gone as soon as it is closed, however the process ends. */
async function openUnnamed(folder: string): Promise<FileHandle> {
  const path = join(folder, `import-${randomUUID()}`);
  const file = await open(path, "wx+", 0o600);
  await unlink(path);
  return file;
}
