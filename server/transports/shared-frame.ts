import type { Duplex } from "node:stream";

const FINAL_TEXT = 0x81;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

/** A text frame that many sockets get: what only this one's begins with, and the rest, which is the same for all. */
export interface SharedFrame {
  readonly start: Buffer;
  readonly rest: Buffer;
}

/**
 * A text as bytes that are kept: by an event for as long as it is remembered, by sockets until their readers take them.
 * They have memory of their own. `Buffer.from` takes that of a short text out of a block of 64 KiB that it shares with
 * whatever comes along, and each that is kept keeps its block.
 */
export function keepableBytes(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/**
 * Writes one text frame, and copies the bytes that are shared for nobody. `ws` takes a frame in one piece only; without
 * compression it keeps nothing of its own between two frames, so that one may be written past it.
 */
export function writeShared(connection: Duplex, { start, rest }: SharedFrame): void {
  connection.write(withHeader(start, rest.length));
  connection.write(rest);
}

/** The header of a whole, unmasked text frame (RFC 6455, section 5.2), and the beginning of its text. */
function withHeader(start: Buffer, more: number): Buffer {
  const length = start.length + more;
  const size = length < LENGTH_IN_2_BYTES ? 2 : length <= 0xffff ? 4 : 10;
  const bytes = Buffer.allocUnsafe(size + start.length);
  bytes[0] = FINAL_TEXT;
  if (size === 2) bytes[1] = length;
  else bytes[1] = size === 4 ? LENGTH_IN_2_BYTES : LENGTH_IN_8_BYTES;
  if (size === 4) bytes.writeUInt16BE(length, 2);
  if (size === 10) bytes.writeBigUInt64BE(BigInt(length), 2);
  start.copy(bytes, size);
  return bytes;
}
