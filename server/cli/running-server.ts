import { createReadStream } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { DataPlaces } from "../config.js";
import { readLock } from "../platform/data-dir.js";
import { CommandError } from "./command.js";

/** A server that holds the embedded database: commands go through it, by its address and key. */
export interface RunningServer {
  readonly address: string;
  readonly key: string;
}

const ANSWER_TIMEOUT_MS = 10_000;

/** The server to go through, if there is one. @throws CommandError when something else holds the database */
export async function runningServer({
  database,
  dataDir,
}: Pick<DataPlaces, "database" | "dataDir">): Promise<RunningServer | undefined> {
  if (database.url !== undefined) return undefined;
  const lock = await readLock(dataDir);
  if (lock === undefined) return undefined;
  const { address, key } = lock;
  if (!URL.canParse(address))
    throw new CommandError(`The database is in use by ${address}. Try again when that is done.`);
  if (key === undefined) throw otherVersion(address);
  return { address, key };
}

const otherVersion = (address: string): CommandError =>
  new CommandError(`What answers at ${address} is not this version of Parley. Restart the server.`);

const noAnswer = (address: string): CommandError =>
  new CommandError(
    `The server at ${address} holds the database and does not answer. Try again once it is ready, or stop it.`,
  );

function urlOf({ address }: RunningServer, path: string): URL {
  const url = new URL(path, address);
  // Where the server listens on every address, none of them is a place to go to.
  if (["0.0.0.0", "[::]"].includes(url.hostname)) url.hostname = "localhost";
  return url;
}

/** What the server answers to a GET, if that has this shape; undefined for what it does not know. */
export async function ask<Shape extends z.ZodType>(
  server: RunningServer,
  path: string,
  shape: Shape,
): Promise<z.output<Shape> | undefined> {
  const response = await fetch(urlOf(server, path), {
    headers: { connection: "close", authorization: `Bearer ${server.key}` },
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  }).catch(() => {
    throw noAnswer(server.address);
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status === 404 && refusal.safeParse(body).success) return undefined;
  const answer = shape.safeParse(body);
  if (!response.ok || !answer.success) throw otherVersion(server.address);
  return answer.data;
}

const refusal = z.object({ detail: z.string() });

/** Sends a file, with the folder that it is in, and yields what the server tells of it, in the given shape. However long it takes. */
export async function* sendFile<Shape extends z.ZodType>(
  server: RunningServer,
  { path, file, shape }: { readonly path: string; readonly file: string; readonly shape: Shape },
): AsyncGenerator<z.output<Shape>, void> {
  const response = await post(server, `${path}?beside=${encodeURIComponent(dirname(resolve(file)))}`, file);
  if (response.statusCode !== 200) throw otherVersion(server.address);
  for await (const line of createInterface({ input: response })) yield shape.parse(JSON.parse(line));
}

async function post(server: RunningServer, path: string, file: string): Promise<IncomingMessage> {
  const headers = { "content-type": "application/jsonl", authorization: `Bearer ${server.key}`, connection: "close" };
  const outgoing = request(urlOf(server, path), { method: "POST", headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve);
    outgoing.once("error", () => reject(noAnswer(server.address)));
  });
  // A server that refuses stops reading: what counts then is its answer.
  pipeline(createReadStream(file), outgoing).catch(() => {});
  return answered;
}
