import type { Duplex } from "node:stream";

const FINAL_TEXT = 0x81;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

/** A text frame that many sockets get: what this one's begins with, and the rest, which is the same for all. */
export interface SharedFrame {
  readonly start: string;
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
 * So many beginnings of one text have a frame that is made once. Clients that count their operations are at small numbers
 * that differ, for they count on when they come back. With more, nearly each is its socket's own.
 */
const MAX_SHARED_STARTS = 64;

/** The frames of one text, by how they begin. */
class Frames {
  private readonly whole = new Map<string, Buffer>();

  constructor(readonly rest: Buffer) {}

  /** A whole frame that begins so, made once; undefined when there are too many. */
  after(start: string): Buffer | undefined {
    const known = this.whole.get(start);
    if (known !== undefined || this.whole.size >= MAX_SHARED_STARTS) return known;
    const head = withHeader(start, this.rest.length);
    const frame = Buffer.allocUnsafeSlow(head.length + this.rest.length);
    head.copy(frame);
    this.rest.copy(frame, head.length);
    this.whole.set(start, frame);
    return frame;
  }
}

/** Of the text that was written last: it goes to one socket after the other. */
let last = new Frames(Buffer.alloc(0));

/**
 * Writes one text frame, and copies the bytes that are shared for nobody: in one piece where many begin alike, else in two,
 * which costs two fifths more. `ws` would make a header for each socket; without compression it keeps nothing of its own
 * between two frames, so that one may be written past it.
 */
export function writeShared(connection: Duplex, { start, rest }: SharedFrame): void {
  if (last.rest !== rest) last = new Frames(rest);
  const whole = last.after(start);
  if (whole !== undefined) return void connection.write(whole);
  connection.write(withHeader(start, rest.length));
  connection.write(rest);
}

/** The header of a whole, unmasked text frame (RFC 6455, section 5.2), and the beginning of its text. */
function withHeader(start: string, more: number): Buffer {
  const length = Buffer.byteLength(start) + more;
  const size = length < LENGTH_IN_2_BYTES ? 2 : length <= 0xffff ? 4 : 10;
  const bytes = Buffer.allocUnsafe(size + length - more);
  bytes[0] = FINAL_TEXT;
  if (size === 2) bytes[1] = length;
  else bytes[1] = size === 4 ? LENGTH_IN_2_BYTES : LENGTH_IN_8_BYTES;
  if (size === 4) bytes.writeUInt16BE(length, 2);
  if (size === 10) bytes.writeBigUInt64BE(BigInt(length), 2);
  bytes.write(start, size);
  return bytes;
}
