import { open, type FileHandle } from "node:fs/promises";
import { fileTypeFromBuffer } from "file-type";
import { readCompoundNames } from "../../platform/compound-file.js";
import { readsAsScript } from "../../platform/script-reading.js";
import { endsAsZip, readAt, readZipNames } from "../../platform/zip-directory.js";
import { extensionOf, unsupported, type FileType } from "./attachment.js";
import { requireText } from "./attachment.text.js";

/** What is known of a file that has arrived: where it is, how large, and what its sender says of it. */
export interface ArrivedFile {
  readonly path: string;
  readonly size: number;
  /** Cleaned. */
  readonly name: string;
  readonly contentType: string | undefined;
}

/** How much of the beginning is looked at. */
const HEAD_BYTES = 4_100;

/**
 * Makes sure that the content is what name and declaration say, and nothing else besides.
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE
 */
export async function requireContent(file: ArrivedFile, type: FileType): Promise<void> {
  const handle = await open(file.path);
  try {
    await checkers[type.kind](handle, file, type);
  } finally {
    await handle.close();
  }
}

type Check = (handle: FileHandle, file: ArrivedFile, type: FileType) => Promise<void>;

const checkers: Readonly<Record<FileType["kind"], Check>> = {
  async image(handle, file, type) {
    const head = await requireMagic(handle, file, type);
    await requireEnd(handle, file, type);
    if ((await endsAsZip(handle, file.size)) || (await readsAsScript(piecesOf(handle, file)))) throw notAsNamed(file);
    await refuseMarkup(handle, file, head);
  },
  async pdf(handle, file) {
    // file-type would accept a header that is not at the very beginning, where another program finds its own.
    const head = await readAt(handle, 0, 5);
    const tail = await readAt(handle, Math.max(file.size - PDF_TAIL_BYTES, 0), PDF_TAIL_BYTES);
    const isWhole = head.toString("latin1") === "%PDF-" && tail.includes("%%EOF");
    if (!isWhole || (await endsAsZip(handle, file.size))) throw notAsNamed(file);
  },
  async word(handle, file, type) {
    await requireMagic(handle, file, type);
    const names = await readCompoundNames(handle);
    if (names?.includes("WordDocument") !== true || (await endsAsZip(handle, file.size))) throw notAsNamed(file);
  },
  async "word-archive"(handle, file, type) {
    await requireMagic(handle, file, type);
    const names = await readZipNames(handle, file.size);
    if (names === undefined || !isWordArchive(names)) throw notAsNamed(file);
  },
  text: requireText,
};

export function notAsNamed({ name }: Pick<ArrivedFile, "name">): Error {
  return unsupported(`The file is called .${extensionOf(name)}, and its content is something else or broken.`);
}

async function requireMagic(handle: FileHandle, file: ArrivedFile, { magic }: FileType): Promise<Buffer> {
  const head = await readAt(handle, 0, HEAD_BYTES);
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  if (found === undefined || !magic.includes(found.ext)) throw notAsNamed(file);
  return head;
}

const PDF_TAIL_BYTES = 1_024;
const PNG_END = Buffer.from("49454e44ae426082", "hex");

/** Formats that say where they end have nothing behind it. JPEG has not: telephones keep films and more there. */
async function requireEnd(handle: FileHandle, file: ArrivedFile, { contentType }: FileType): Promise<void> {
  const tail = await readAt(handle, Math.max(file.size - PNG_END.length, 0), PNG_END.length);
  const head = await readAt(handle, 0, 12);
  const ends: Readonly<Record<string, boolean>> = {
    "image/png": tail.equals(PNG_END),
    "image/gif": tail.at(-1) === 0x3b,
    "image/webp": head.length === 12 && head.readUInt32LE(4) + 8 === file.size,
  };
  if (ends[contentType] === false) throw notAsNamed(file);
}

const CHUNK_BYTES = 64 * 1024;
/** Longer than anything that is looked for. */
const OVERLAP_BYTES = 32;
/** Of a page, a script of a server, a drawing; and by what a PDF is found, also some way behind where a file begins. */
const TAG = String.raw`(?:<(?:script|html|body|iframe|\?php|!doctype|svg[\s/>])|%PDF-)`;
const MARKUP = new RegExp(TAG, "i");
/** Compressed data has a tag of five bytes by chance in one of a thousand large pictures, and text behind it in none. */
const MARKUP_WITH_TEXT = new RegExp(String.raw`${TAG}[\t\n\r -~]{8}`, "i");

/** A picture has no reason to hold a page: where it begins no tag at all, elsewhere none that text follows. */
async function refuseMarkup(handle: FileHandle, file: ArrivedFile, head: Buffer): Promise<void> {
  if (MARKUP.test(head.toString("latin1"))) throw notAsNamed(file);
  const chunk = Buffer.alloc(CHUNK_BYTES + OVERLAP_BYTES);
  for (let at = 0; at < file.size; at += CHUNK_BYTES) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    if (MARKUP_WITH_TEXT.test(chunk.toString("latin1", 0, bytesRead))) throw notAsNamed(file);
  }
}

async function* piecesOf(handle: FileHandle, { size }: ArrivedFile): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; at += CHUNK_BYTES) yield await readAt(handle, at, CHUNK_BYTES);
}

/** A document without macros: `[Content_Types].xml` and the words, and no name that leads out of the archive. */
function isWordArchive(names: readonly string[]): boolean {
  const leadsOut = names.some((name) => /^[/\\]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)/i.test(name));
  const hasMacros = names.some((name) => /vbaProject\.bin$/i.test(name));
  return names.includes("[Content_Types].xml") && names.includes("word/document.xml") && !leadsOut && !hasMacros;
}
