import { createCipheriv } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";

/** Files for tests, made as they are needed: good ones, and such as somebody hands over who means no good. */

export interface TestFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly contentType?: string | undefined;
}

/** A file as a browser sends it. */
export function blobOf({ bytes, contentType = "" }: TestFile): Blob {
  return new Blob([new Uint8Array(bytes)], { type: contentType });
}

/** A picture with something on it, so that it does not compress to nothing. */
export async function picture(
  format: "png" | "jpeg" | "gif" | "webp",
  { width = 64, height = 48 }: { readonly width?: number; readonly height?: number } = {},
): Promise<Buffer> {
  const pixels = Buffer.from(
    Array.from({ length: width * height * 3 }, (_, index) => (index * 31 + (index >> 5)) % 256),
  );
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

/** Bytes without any order, the same each time. */
function noise(length: number): Buffer {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16, "seed"), Buffer.alloc(16)).update(Buffer.alloc(length));
}

/** A large picture of noise: what is compressed of it looks as random as it is. */
export function noisyPicture(format: "jpeg" | "webp", side: number): Promise<Buffer> {
  return sharp(noise(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .toFormat(format, { quality: 100 })
    .toBuffer();
}

/** A picture whose pixels are stored as they are: noise, and in the middle of it these bytes. */
export function storedPicture(side: number, bytes: Buffer): Promise<Buffer> {
  const pixels = noise(side * side * 3);
  bytes.copy(pixels, Math.floor(pixels.length / 2));
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0, adaptiveFiltering: false })
    .toBuffer();
}

/** The same with a few bytes in its second half written over, as if they had come out of compressing by chance. */
export function withChance(picture: Buffer, tag: string): Buffer {
  const changed = Buffer.from(picture);
  for (let place = 50; place < 95; place += 5) changed.write(tag, Math.floor((picture.length * place) / 100), "latin1");
  return changed;
}

/** A photograph by a camera that was held upright, with the place where it was taken. */
export async function photograph(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: "#336699" } })
    .withExif({ IFD0: { Copyright: "SECRET PLACE" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

/** A photograph whose first segment has such a length, and begins with these words; it goes on with NUL. */
export async function photographThatSays(words: string, length: number): Promise<Buffer> {
  const segment = Buffer.alloc(length);
  segment.writeUInt16BE(length);
  segment.write(words, 2, "latin1");
  return Buffer.concat([Buffer.from("ffd8ffe1", "hex"), segment, (await picture("jpeg")).subarray(2)]);
}

export async function animation(width = 20, height = 10): Promise<Buffer> {
  const frames = ["red", "lime", "blue"].map((background) =>
    sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .gif()
    .toBuffer();
}

export const pdf = (): Buffer =>
  Buffer.from(
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
  );

/** An archive of stored (not compressed) entries. */
export function zip(entries: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const entry = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, Buffer.from(name), Buffer.from(content)]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\u0001\u0002"), Buffer.from([20, 0]), common, rest, Buffer.from(name));
    local.push(entry);
    at += entry.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(local.length, 8);
  end.writeUInt16LE(local.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, listed, end]);
}

const CONTENT_TYPES =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';

export const docx = (more: Readonly<Record<string, string>> = {}): Buffer =>
  zip({ "[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": "<a/>", "word/document.xml": "<w:document/>", ...more });

/** A compound file with one sector of a directory, which names these streams. */
export function compound(...names: readonly string[]): Buffer {
  const header = Buffer.alloc(512);
  header.write("d0cf11e0a1b11ae1", "hex");
  header.writeUInt16LE(9, 30);
  header.writeUInt32LE(1, 48);
  header.fill(0xff, 76);
  header.writeUInt32LE(0, 76);
  const table = Buffer.alloc(512, 0xff);
  table.writeUInt32LE(0xfffffffe, 4);
  const directory = Buffer.alloc(512);
  for (const [index, name] of ["Root Entry", ...names].entries()) {
    directory.write(name, index * 128, "utf16le");
    directory.writeUInt16LE(2 * name.length + 2, index * 128 + 64);
  }
  return Buffer.concat([header, table, directory]);
}

export const doc = (): Buffer => compound("WordDocument", "1Table");

const BOMB_PIXELS = 30_000;

/** A picture of some kilobytes that is whole and stands for 900 million pixels. */
export function bomb(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(BOMB_PIXELS, 0);
  header.writeUInt32BE(BOMB_PIXELS, 4);
  // One bit a pixel, grey.
  header.writeUInt8(1, 8);
  const rows = deflateSync(Buffer.alloc(BOMB_PIXELS * (BOMB_PIXELS / 8 + 1)), { level: 6 });
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

/** One part of a PNG. */
export function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}
