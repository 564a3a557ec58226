import type { FileHandle } from "node:fs/promises";
import { readAt } from "./zip-directory.js";

const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
const NAME_BYTES = 64;
/** How much of a directory is looked at. */
const MAX_SECTORS = 256;
/** How many sectors of the allocation table the header names. */
const TABLE_SECTORS = 109;
const TABLE_AT = 76;
/** Sector numbers from here on mean "none", "free" and the like. */
const NO_SECTOR = 0xfffffffa;

/**
 * The names in the directory of a compound file (OLE2: doc, xls, msi ...), which say what it is. Undefined when it can't
 * be followed.
 */
export async function readCompoundNames(file: FileHandle): Promise<readonly string[] | undefined> {
  const header = await readAt(file, 0, HEADER_BYTES);
  if (header.length < HEADER_BYTES) return undefined;
  const shift = header.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) return undefined;
  const sectorBytes = 2 ** shift;
  const names: string[] = [];
  let sector: number | undefined = header.readUInt32LE(48);
  for (let count = 0; sector !== undefined && sector < NO_SECTOR && count < MAX_SECTORS; count += 1) {
    const entries = await readAt(file, (sector + 1) * sectorBytes, sectorBytes);
    if (entries.length < sectorBytes) return undefined;
    names.push(...namesIn(entries));
    sector = await sectorAfter(file, header, { sector, sectorBytes });
  }
  return names;
}

function namesIn(entries: Buffer): readonly string[] {
  return Array.from({ length: entries.length / ENTRY_BYTES }, (_, index) => {
    const entry = entries.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES);
    // With the NUL that ends it.
    const bytes = Math.min(Math.max(entry.readUInt16LE(NAME_BYTES) - 2, 0), NAME_BYTES);
    return entry.toString("utf16le", 0, bytes);
  });
}

/** The allocation table has for each sector the one that follows it. */
async function sectorAfter(
  file: FileHandle,
  header: Buffer,
  { sector, sectorBytes }: { readonly sector: number; readonly sectorBytes: number },
): Promise<number | undefined> {
  const inOne = sectorBytes / 4;
  const tableIndex = Math.floor(sector / inOne);
  if (tableIndex >= TABLE_SECTORS) return undefined;
  const table = header.readUInt32LE(TABLE_AT + 4 * tableIndex);
  if (table >= NO_SECTOR) return undefined;
  const next = await readAt(file, (table + 1) * sectorBytes + 4 * (sector % inOne), 4);
  return next.length === 4 ? next.readUInt32LE() : undefined;
}
