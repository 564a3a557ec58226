import type { Duplex } from "node:stream";
import { NO_SNIFFING } from "./browser-headers.js";

/** What is answered before there is a request that could be. */
export interface Rejection {
  /** Number and name, as they stand in the first line. */
  readonly status: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string | number>>;
}

/** Answers on a bare connection, and ends it. */
export function reject(socket: Duplex, { status, detail, headers = {} }: Rejection): void {
  const body = JSON.stringify({ detail });
  const all = {
    ...headers,
    ...NO_SNIFFING,
    Connection: "close",
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  // Its other end need not say goodbye.
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join("")}\r\n${body}`);
}

/** Refuses an upgrade that is no handshake of a WebSocket. */
export function rejectHandshake({ message: detail }: Error, socket: Duplex): void {
  reject(socket, { status: "400 Bad Request", detail, headers: { "Sec-WebSocket-Version": 13 } });
}
