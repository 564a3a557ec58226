import type { IncomingMessage } from "node:http";
import { CloseCode, makeServer, type ServerOptions, type WebSocket as Line } from "graphql-ws";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import type { Clock } from "../../platform/time.js";
import { Outbox } from "../outbox.js";
import { keepAlive, textOf, SocketWire } from "../wire.js";
import type { Arrival } from "../http.js";
import type { Connection } from "./connections.js";
import { GATEWAY_HEADER } from "./trusted.js";

/** What was sent was not read: the client connects again, and resumes. The same code as on the raw WebSocket. */
const CLOSE_SLOW_CONSUMER = 4408;

export type ConversationOptions = ServerOptions<Record<string, unknown> | undefined, Connection>;

/** Begins the conversation with a client that has just connected. */
export type Converse = (client: WebSocket, request: IncomingMessage, arrival: Arrival) => void;

/** A message that the protocol has, and not for clients: the library throws it, without a class of its own. */
function isOutOfTurn(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Unexpected message of type ");
}

/**
 * graphql-ws over sockets of ws, with bounds that its own adapter lacks: what waits for a client that does not read is
 * never much more than 1 MiB, its own messages wait meanwhile, and it is closed after 30 s without progress and not before.
 */
export function createConversations(
  options: ConversationOptions,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Converse {
  const protocol = makeServer(options);
  return (socket, request, arrival) => {
    const outbox = new Outbox(new SocketWire(socket, request), clock, () =>
      socket.close(CLOSE_SLOW_CONSUMER, "What was sent was not read. Connect again and resume."),
    );
    const line: Line = {
      protocol: socket.protocol,
      // Each subscription waits for room before it makes its next event.
      send(data) {
        outbox.send(data);
        return outbox.room();
      },
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on("message", (data) => {
          if (socket.readyState !== socket.OPEN) return;
          handle(textOf(data)).catch((error: unknown) => {
            if (isOutOfTurn(error)) return socket.close(CloseCode.BadRequest, "Only a server says that.");
            logger.error({ err: error }, "a message over WebSocket failed");
            socket.close(CloseCode.InternalServerError, "Internal server error");
          });
        }),
    };
    const headers = { authorization: request.headers.authorization, gatewaySecret: request.headers[GATEWAY_HEADER] };
    const ended = protocol.opened(line, { socket, outbox, arrival, headers });
    keepAlive(socket, () => outbox.isBehind);
    // What can't be read (too long, not UTF-8, no frame at all) ends the socket by itself, with the code for it.
    socket.on("error", () => {});
    socket.once("close", (code, reason) => {
      outbox.close();
      ended(code, String(reason)).catch((error: unknown) => logger.error({ err: error }, "a goodbye failed"));
    });
  };
}
