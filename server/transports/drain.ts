import type { IncomingMessage } from "node:http";

/** More than this is not worth reading to keep a connection. */
const MAX_DRAINED_BYTES = 32 * 1024 * 1024;
const MAX_DRAIN_MS = 10_000;

/**
 * Reads and forgets the rest of a request that was answered before its end: a client that is still sending would
 * otherwise find the connection gone before it sees the answer. One that goes on for too long is cut off.
 */
export function drain(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return;
  let left = MAX_DRAINED_BYTES;
  const timer = setTimeout(() => request.destroy(), MAX_DRAIN_MS);
  timer.unref();
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.once("close", () => clearTimeout(timer));
  // To take a reader away later would hold the request up: then it never ends, and is cut off for it.
  request.unpipe();
  request.resume();
}
