import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { sendAway } from "../farewell.js";
import type { Arrival, Upgrade } from "../http.js";
import { rejectHandshake } from "../rejections.js";
import { keepAlive, textOf, SocketWire } from "../wire.js";
import { createSocketServices, parseAddress } from "./admission.js";
import { closeCodes, type Closing } from "./protocol.js";
import { Session } from "./session.js";

const MAX_FRAME_BYTES = 128 * 1024;
/** The subprotocol beside which a browser, which can't set headers, sends its token. */
const BEARER = "bearer";

const goingAway: Closing = { code: closeCodes.GOING_AWAY, reason: "Going away: connect again." };

export interface RawSocketServer {
  readonly upgrade: Upgrade;
  /** Finishes what runs, tells every client to go on elsewhere, and stops. */
  close(): Promise<void>;
}

/** The raw WebSocket: one room's events as JSON frames, and commands. */
export function createRawSocketServer(parts: Parameters<typeof createSocketServices>[0]): RawSocketServer {
  const process = createSocketServices(parts);
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(BEARER) ? BEARER : false),
  });
  server.on("wsClientError", rejectHandshake);
  const sessions = new Map<Session, Duplex>();
  const endings = new Set<Promise<void>>();
  let isClosing = false;

  function begin(request: IncomingMessage, socket: Duplex, arrival: Arrival): Session {
    const asked = parseAddress(request.url ?? "");
    const isMalformed = "malformed" in asked;
    const session = new Session(process, isMalformed ? { room: "", after: undefined } : asked, arrival);
    if (isMalformed) session.close({ code: closeCodes.BAD_REQUEST, reason: asked.malformed });
    sessions.set(session, socket);
    socket.once("close", () => {
      sessions.delete(session);
      const ending = session.end().finally(() => endings.delete(ending));
      endings.add(ending);
    });
    return session;
  }

  return {
    upgrade(request, socket, head, arrival) {
      const session = begin(request, socket, arrival);
      if (isClosing) session.close(goingAway);
      const authorization = authorizationOf(request);
      // Whoever brings a token is in the room before the socket opens: what happens from then on is heard.
      const ready = authorization === undefined ? Promise.resolve() : session.logIn(authorization);
      ready
        .then(() => server.handleUpgrade(request, socket, head, (client) => connect(client, request, session)))
        .catch((error: unknown) => {
          process.services.logger.error({ err: error }, "an upgrade failed");
          socket.destroy();
        });
    },
    async close() {
      isClosing = true;
      const leaving = [...sessions].map(([session, socket]) => ({
        isBusy: () => session.isBusy,
        close: () => session.close(goingAway),
        isClosed: () => !sessions.has(session),
        terminate: () => void socket.destroy(),
      }));
      await sendAway(leaving);
      await new Promise<void>((resolve) => server.close(() => resolve()));
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

function connect(client: WebSocket, request: IncomingMessage, session: Session): void {
  keepAlive(client, () => session.isHeldUp);
  // What can't be read (too long, not UTF-8, no frame at all) ends the socket by itself, with the code for it.
  client.on("error", () => {});
  client.on("message", (data, isBinary) => {
    if (isBinary) session.close({ code: closeCodes.BINARY_FRAME, reason: "Send text frames only." });
    else session.receive(textOf(data));
  });
  session.open(new SocketWire(client, request));
}
