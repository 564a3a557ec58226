import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import {
  brokenOff,
  claimedType,
  cleanFileName,
  tooLarge,
  type IncomingFile,
} from "../../features/attachments/attachment.js";
import type { Files } from "../../platform/scope.js";
import { drain } from "../drain.js";
import { InvalidInput, UnreadableBody } from "./errors.js";

/** 10,000 characters take 40,000 bytes at most. */
const MAX_FIELD_BYTES = 64 * 1024;
const MAX_FIELDS = 20;
/** What a form may have beside its file: as much as a JSON body. */
const MAX_REST_BYTES = 256 * 1024;
const FILE_MODE = 0o600;

/** The file of a form. It waits in a temporary one until all of the form has come: fields may follow it. */
export class FormFile implements IncomingFile {
  constructor(
    readonly name: string,
    readonly contentType: string | undefined,
    private readonly path: string,
  ) {}

  read(): AsyncIterable<Uint8Array> {
    return createReadStream(this.path);
  }
}

/** What is taken of a form: texts by name, and a file. */
export interface FormRules {
  readonly files: Files;
  /** The one part that a file may be. */
  readonly file: string;
  /** Called before anything is read. Throws to refuse. */
  readonly begin: () => void;
  /** Asked before anything of a file is read, with the texts that came before it. Throws to refuse. */
  readonly admit: (texts: Readonly<Record<string, string>>) => Promise<void>;
}

/** The fields of a form by name: each a text or a {@link FormFile}; the last of a name counts. */
export type FormBody = Readonly<Record<string, unknown>>;

/**
 * Reads a form to its end, whatever the order of its fields. Its file is there while `use` runs, and no longer.
 * @throws UnreadableBody, InvalidInput; DomainError PAYLOAD_TOO_LARGE as soon as too much has come, BAD_USER_INPUT for a
 *   file that breaks off, UNSUPPORTED_MEDIA_TYPE for one whose name and type say that it can't be sent, and whatever
 *   `begin` and `admit` say
 */
export async function withForm<Result>(
  request: IncomingMessage,
  rules: FormRules,
  use: (body: FormBody) => Promise<Result>,
): Promise<Result> {
  const path = await rules.files.incoming.path();
  try {
    return await use(await readForm(request, rules, path));
  } catch (error) {
    drain(request);
    throw error;
  } finally {
    await rm(path, { force: true });
  }
}

async function readForm(request: IncomingMessage, rules: FormRules, path: string): Promise<FormBody> {
  // Gone while it was asked who they are: what has come would be read, and its end never be heard of.
  if (request.destroyed) throw brokenOff();
  const { maxBytes } = rules.files;
  let left = maxBytes + MAX_REST_BYTES;
  if (Number(request.headers["content-length"] ?? 0) > left) throw tooLarge(maxBytes);
  rules.begin();
  const form = parseHead(request);
  return new Promise((resolve, reject) => {
    const parts = new Parts(rules, path);
    const refuse = (error: unknown): void => {
      request.unpipe(form);
      form.destroy();
      // Not before the file is closed: whoever is told removes it.
      const tell = (): void => reject(error);
      parts.arriving.then(tell, tell);
    };
    const attempt = (take: () => void): void => orRefuse(take, refuse);
    form.on("field", (name, value, { valueTruncated }) => attempt(() => parts.takeText(name, value, valueTruncated)));
    form.on("file", (name, part, info) => {
      attempt(() => parts.takeFile(name, part, info));
      parts.arriving.catch((error: unknown) => refuse(form.destroyed ? brokenOff() : error));
    });
    form.on("partsLimit", () => refuse(new UnreadableBody(`A form has at most ${MAX_FIELDS} fields.`, 413)));
    form.on("error", (error) => refuse(broken(error)));
    form.on("close", () => void parts.arriving.then(() => resolve(parts.body()), refuse));
    request.once("close", () => request.readableEnded || refuse(brokenOff()));
    request.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) refuse(tooLarge(maxBytes));
    });
    request.pipe(form);
  });
}

/** Who handles an event has nobody to throw to. */
function orRefuse(take: () => void, refuse: (error: unknown) => void): void {
  try {
    take();
  } catch (error) {
    refuse(error);
  }
}

/** What has come of a form so far. */
class Parts {
  /** Until all of the file is in its place. */
  arriving: Promise<void> = Promise.resolve();
  private file: FormFile | undefined;
  private readonly texts = new Map<string, string>();

  constructor(
    private readonly rules: FormRules,
    private readonly path: string,
  ) {}

  takeText(name: string, value: string, isCut: boolean): void {
    if (isCut) throw new UnreadableBody(`The field ${name} is too long.`, 413);
    this.texts.set(name, value);
  }

  takeFile(name: string, part: Readable, { filename, mimeType }: busboy.FileInfo): void {
    // Whoever reads it learns of it; while it waits to be read, nobody else does.
    part.on("error", () => {});
    const { file: taken } = this.rules;
    if (name !== taken) throw new InvalidInput([{ path: [name], message: `Send the file as "${taken}".` }]);
    if (this.file !== undefined) throw new InvalidInput([{ path: [name], message: "Send one file at a time." }]);
    // A page's form for which no file was chosen has an empty one without a name.
    if (filename === undefined) return void part.resume();
    this.file = new FormFile(filename, mimeType, this.path);
    this.arriving = this.receive(part, this.file);
  }

  body(): FormBody {
    const texts = Object.fromEntries(this.texts);
    return this.file === undefined ? texts : { ...texts, [this.rules.file]: this.file };
  }

  private async receive(part: Readable, { name, contentType }: FormFile): Promise<void> {
    await this.rules.admit(Object.fromEntries(this.texts));
    claimedType({ name: cleanFileName(name), contentType });
    await pipeline(part, createWriteStream(this.path, { flags: "wx", mode: FILE_MODE }));
  }
}

function parseHead({ headers }: IncomingMessage): busboy.Busboy {
  try {
    const limits = { parts: MAX_FIELDS + 1, fieldSize: MAX_FIELD_BYTES };
    return busboy({ headers, limits, defParamCharset: "utf8" });
  } catch (error) {
    throw broken(error);
  }
}

function broken(error: unknown): UnreadableBody {
  return new UnreadableBody(`Multipart form parse error - ${error instanceof Error ? error.message : "unreadable"}`);
}
