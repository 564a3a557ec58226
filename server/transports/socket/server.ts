import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import { systemClock } from "../../platform/time.js";
import { rejectHandshake, type Upgrade } from "../http.js";
import { parseAddress, type SocketServices } from "./admission.js";
import { createFrames } from "./frames.js";
import { startHeartbeat } from "./heartbeat.js";
import type { Wire } from "./outbox.js";
import { closeCodes, type Closing } from "./protocol.js";
import { Session } from "./session.js";

const MAX_FRAME_BYTES = 128 * 1024;
/** The reason for a close is at most 123 bytes on the wire; ours are plain English. */
const MAX_REASON_LENGTH = 120;
/** How long a client has to say goodbye when the server stops. */
const GOODBYE_MS = 2_000;
/** The subprotocol beside which a browser, which can't set headers, sends its token. */
const BEARER = "bearer";

const goingAway: Closing = { code: closeCodes.GOING_AWAY, reason: "Going away: connect again." };

export interface RawSocketServer {
  readonly upgrade: Upgrade;
  /** Tells every client to go on elsewhere, and stops. */
  close(): Promise<void>;
}

/** The raw WebSocket: one room's events as JSON frames, and commands. */
export function createRawSocketServer(parts: Omit<SocketServices, "frames">): RawSocketServer {
  const process: SocketServices = { ...parts, frames: createFrames(parts.database, parts.services.files) };
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(BEARER) ? BEARER : false),
  });
  server.on("wsClientError", rejectHandshake);
  const sessions = new Set<Session>();
  const endings = new Set<Promise<void>>();
  let isClosing = false;

  function begin(request: IncomingMessage, socket: Duplex, known: () => void): Session {
    const asked = parseAddress(request.url ?? "");
    const isMalformed = "malformed" in asked;
    const session = new Session(process, isMalformed ? { room: "", after: undefined } : asked, known);
    if (isMalformed) session.close({ code: closeCodes.BAD_REQUEST, reason: asked.malformed });
    sessions.add(session);
    socket.once("close", () => {
      sessions.delete(session);
      const ending = session.end().finally(() => endings.delete(ending));
      endings.add(ending);
    });
    return session;
  }

  return {
    upgrade(request, socket, head, known) {
      const session = begin(request, socket, known);
      if (isClosing) session.close(goingAway);
      const authorization = authorizationOf(request);
      // Whoever brings a token is in the room before the socket opens: what happens from then on is heard.
      const ready = authorization === undefined ? Promise.resolve() : session.logIn(authorization);
      ready
        .then(() => server.handleUpgrade(request, socket, head, (client) => connect(client, session)))
        .catch((error: unknown) => {
          process.services.logger.error({ err: error }, "an upgrade failed");
          socket.destroy();
        });
    },
    async close() {
      isClosing = true;
      for (const session of sessions) session.close(goingAway);
      const impatient = systemClock.after(GOODBYE_MS, () => {
        for (const client of server.clients) client.terminate();
      });
      await new Promise<void>((resolve) => server.close(() => resolve()));
      impatient();
      await Promise.all(endings);
    },
  };
}

/** The token of an upgrade, from its header or from beside the subprotocol. Never from the address, which is logged. */
function authorizationOf({ headers }: IncomingMessage): string | undefined {
  if (headers.authorization !== undefined) return headers.authorization;
  const [protocol, token] = headers["sec-websocket-protocol"]?.split(",").map((offered) => offered.trim()) ?? [];
  return protocol === BEARER && token !== undefined ? `Bearer ${token}` : undefined;
}

function connect(client: WebSocket, session: Session): void {
  // A connection's other end keeps real time, whatever a test does with this node's.
  const heartbeat = startHeartbeat(
    {
      ping: () => client.ping(),
      terminate: () => client.terminate(),
      isHeldUp: () => session.isHeldUp,
    },
    systemClock,
  );
  client.on("pong", heartbeat.alive);
  client.on("close", heartbeat.stop);
  // What can't be read (too long, not UTF-8, no frame at all) ends the socket by itself, with the code for it.
  client.on("error", () => {});
  client.on("message", (data, isBinary) => {
    heartbeat.alive();
    if (isBinary) session.close({ code: closeCodes.BINARY_FRAME, reason: "Send text frames only." });
    else session.receive(textOf(data));
  });
  session.open(wireOf(client));
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString();
}

function wireOf(client: WebSocket): Wire {
  return {
    get unsentBytes() {
      return client.bufferedAmount;
    },
    send: (frame, onGone) => client.send(frame, { binary: false }, () => onGone()),
    close: (code, reason) => client.close(code, reason.slice(0, MAX_REASON_LENGTH)),
    pause: () => client.pause(),
    resume: () => client.resume(),
  };
}
