import type { FileHandle } from "node:fs/promises";

/** The end record of an archive: 22 bytes, then a comment of at most 65,535. */
const END_SIGNATURE = Buffer.from("PK\u0005\u0006", "latin1");
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const MAX_ENTRIES = 10_000;
const MAX_DIRECTORY_BYTES = 4 * 1024 * 1024;

interface End {
  /** Where it stands in the file. */
  readonly at: number;
  readonly entries: number;
  readonly directorySize: number;
  readonly directoryAt: number;
}

/** Whether a file ends as an archive does, whatever stands before it: then a program that unpacks would take it for one. */
export async function endsAsZip(file: FileHandle, size: number): Promise<boolean> {
  return (await findEnd(file, size)) !== undefined;
}

/**
 * The names of what is in a zip archive, by its directory alone: nothing is unpacked. Undefined for what is no plain
 * archive from its first byte to its last: something before, between or behind, several parts, ZIP64, or a directory
 * that does not say what it should.
 */
export async function readZipNames(file: FileHandle, size: number): Promise<readonly string[] | undefined> {
  const end = await findEnd(file, size);
  if (end === undefined || end.entries > MAX_ENTRIES || end.directorySize > MAX_DIRECTORY_BYTES) return undefined;
  if (end.directoryAt + end.directorySize !== end.at) return undefined;
  const start = await readAt(file, 0, 4);
  if (start.length < 4 || start.readUInt32LE() !== LOCAL_SIGNATURE) return undefined;
  return parseDirectory(await readAt(file, end.directoryAt, end.directorySize), end);
}

async function findEnd(file: FileHandle, size: number): Promise<End | undefined> {
  const length = Math.min(size, END_BYTES + MAX_COMMENT_BYTES);
  const tail = await readAt(file, size - length, length);
  for (
    let at = tail.lastIndexOf(END_SIGNATURE);
    at >= 0;
    at = at === 0 ? -1 : tail.lastIndexOf(END_SIGNATURE, at - 1)
  ) {
    const isWhole = at + END_BYTES <= tail.length && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length;
    if (!isWhole) continue;
    return {
      at: size - length + at,
      entries: tail.readUInt16LE(at + 10),
      directorySize: tail.readUInt32LE(at + 12),
      directoryAt: tail.readUInt32LE(at + 16),
    };
  }
  return undefined;
}

function parseDirectory(directory: Buffer, { entries }: End): readonly string[] | undefined {
  const names: string[] = [];
  let at = 0;
  while (at + ENTRY_BYTES <= directory.length && directory.readUInt32LE(at) === ENTRY_SIGNATURE) {
    const nameBytes = directory.readUInt16LE(at + 28);
    names.push(directory.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes));
    at += ENTRY_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return at === directory.length && names.length === entries ? names : undefined;
}

/** The bytes from a place on, as many as there are. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
