import { isUtf8 } from "node:buffer";
import type { FileHandle } from "node:fs/promises";
import { extensionOf, unsupported } from "./attachment.js";

const CHUNK_BYTES = 64 * 1024;
/** As much of the beginning as browsers look at to find out what something is. */
const SNIFFED_BYTES = 1_445;

/**
 * The beginnings by which browsers know a page (WHATWG, MIME Sniffing), and those of other documents that are text.
 * A text may hold any of it further on: it is served as plain text.
 */
const PAGE =
  /^\s*<(!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|math|!doctype\s+svg)[\s>]|^\s*<(!--|\?xml|\?php)/i;
const OTHER = /^(%PDF-|%!PS|\{\\rtf)/;

/**
 * A text is well-formed UTF-8 without NUL that does not begin like a page, a picture or a document.
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE
 */
export async function requireText(
  handle: FileHandle,
  { size, name }: { readonly size: number; readonly name: string },
): Promise<void> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let beginning = "";
  for (let at = 0; at < size;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, at);
    const isLast = at + bytesRead >= size;
    const read = buffer.subarray(0, bytesRead);
    const whole = isLast ? read : read.subarray(0, endOfCharacters(read));
    if (whole.length === 0 || !isUtf8(whole) || whole.includes(0))
      throw unsupported(`The file is called .${extensionOf(name)}, and is no text in UTF-8.`);
    if (at === 0) beginning = whole.toString("utf8", 0, SNIFFED_BYTES);
    at += whole.length;
  }
  if (PAGE.test(beginning) || OTHER.test(beginning))
    throw unsupported(`The file is called .${extensionOf(name)}, and begins like a page or another document.`);
}

const MAX_CHARACTER_BYTES = 4;

/** Where the last character that is whole ends: what begins behind it is read with the next piece. */
function endOfCharacters(bytes: Buffer): number {
  for (let back = 1; back < MAX_CHARACTER_BYTES && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    // Not in the middle of a character: this is where the last one begins.
    if ((byte & 0xc0) !== 0x80) return byte < 0x80 ? bytes.length : bytes.length - back;
  }
  return bytes.length;
}
