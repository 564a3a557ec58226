import { readdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { IncomingFile } from "../features/attachments/attachment.js";
import { sendMessage } from "../features/messages/message.actions.js";
import type { Message } from "../features/messages/message.js";
import type { Scope } from "../platform/scope.js";
import { blobOf, picture, type TestFile } from "./files.js";

const DOCUMENT = `mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message {
  id content type attachment { url thumbnailUrl name size width height contentType } } } }`;

export interface UploadInput {
  readonly roomId: string | number;
  readonly content?: string;
  readonly type?: string;
  readonly clientMutationId?: string;
}

/** A file as a transport hands it to a verb. */
export function incoming({ name, bytes, contentType }: TestFile, chunkBytes = 10_000): IncomingFile {
  return {
    name,
    contentType,
    async *read() {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  };
}

/** Sends a message with a picture. */
export async function sendPicture(scope: Scope, roomId: number, content: string): Promise<Message> {
  const attachment = incoming({ name: "one.png", bytes: await picture("png") });
  return sendMessage(scope, { roomId, content, attachment });
}

/** An operation by the multipart request specification: the file is the `attachment` of its `input`. */
export function operationForm(
  document: string,
  variables: Readonly<Record<string, unknown>>,
  file: TestFile,
): FormData {
  const form = new FormData();
  const withoutFile = { input: { ...Object(variables["input"]), attachment: null } };
  form.append("operations", JSON.stringify({ query: document, variables: { ...variables, ...withoutFile } }));
  form.append("map", JSON.stringify({ "0": ["variables.input.attachment"] }));
  form.append("0", blobOf(file), file.name);
  return form;
}

/** The body of a GraphQL multipart request that sends a message with a file. */
export function uploadForm(input: UploadInput, file: TestFile): FormData {
  return operationForm(DOCUMENT, { input: { ...input, roomId: String(input.roomId) } }, file);
}

/** A form with its fields in this order. */
export function formOf(...fields: readonly (readonly [name: string, value: string | number | TestFile])[]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) {
    if (typeof value !== "object") form.append(name, String(value));
    else form.append(name, blobOf(value), value.name);
  }
  return form;
}

/** The bytes of a whole request that posts a form, as a browser would send them. */
export async function requestBytes(
  url: string,
  form: FormData,
  headers: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const { host, pathname } = new URL(url);
  const request = new Request(url, { method: "POST", body: form });
  const body = Buffer.from(await request.arrayBuffer());
  const own = { Host: host, "Content-Type": request.headers.get("content-type"), "Content-Length": body.length };
  const lines = Object.entries({ ...own, ...headers }).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(`POST ${pathname} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`), body]);
}

/** Opens a connection and sends such bytes. */
export async function connectAndSend(url: string, bytes: Buffer): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => {});
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  return socket;
}

/** Sends such bytes, and is gone. */
export async function sendAndBreakOff(url: string, bytes: Buffer): Promise<void> {
  const socket = await connectAndSend(url, bytes);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.destroy();
  await closed;
}

/** Every file below a folder, as paths in it. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}
