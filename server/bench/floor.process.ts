import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { WebSocketServer, type WebSocket } from "ws";
import { readHistory } from "./floor.history.js";
import { prepareStore, storeMessage } from "./floor.store.js";
import { readSettledUsage, readUsage } from "./usage.js";
import { serveCalls } from "./worker.js";

/**
 * The floor: what the transport and the database cost when nothing else is done. `/follow/<room>` is a socket that is
 * broadcast to, `/send/<room>` one whose frames are broadcast as they come, `/store/<room>` one whose frames are inserted
 * into a bare table and answered, and `/history/<room>` two plain statements.
 */

const rooms = new Map<string, Set<WebSocket>>();
let pool: pg.Pool | undefined;

const http = createServer((request, response) => {
  const room = Number(request.url?.split("/").at(-1));
  const found = pool === undefined ? Promise.reject(new Error("There is no PostgreSQL.")) : readHistory(pool, room);
  found.then(
    (body) => response.writeHead(200, { "content-type": "application/json" }).end(body),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });

sockets.on("connection", (socket, request) => {
  const [, role, room = ""] = request.url?.split("/") ?? [];
  if (role === "store") return serveStore(socket);
  const members = rooms.get(room) ?? new Set();
  rooms.set(room, members);
  if (role === "follow") {
    members.add(socket);
    socket.on("close", () => members.delete(socket));
    return;
  }
  socket.on("message", (bytes) => {
    for (const member of members) member.send(bytes, { binary: false });
  });
});

/** One prepared statement for each frame, and its answer. */
function serveStore(socket: WebSocket): void {
  socket.on("message", (bytes: Buffer) => {
    const { room, text } = parseStore(bytes);
    const stored =
      pool === undefined ? Promise.reject(new Error("There is no PostgreSQL.")) : storeMessage(pool, room, text);
    stored.then(
      (id) => socket.send(JSON.stringify({ id })),
      () => socket.terminate(),
    );
  });
}

const calls = {
  /** Resolves to where it listens. */
  async start(databaseUrl: string | null): Promise<string> {
    if (databaseUrl !== null) {
      pool = new pg.Pool({ connectionString: databaseUrl });
      await prepareStore(pool);
    }
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${parsePort(http.address())}`;
  },
  usage: readUsage,
  settledUsage: readSettledUsage,
};

export type FloorCalls = typeof calls;

serveCalls(calls, async () => pool?.end());

function parsePort(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The floor does not listen on a port.");
  return address.port;
}

function parseStore(bytes: Buffer): { room: number; text: string } {
  return JSON.parse(bytes.toString()) as { room: number; text: string };
}
