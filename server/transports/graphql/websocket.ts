import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { GraphQLSchema } from "graphql";
import { CloseCode, type Context as ConnectionContext } from "graphql-ws";
import { useServer, type Extra } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { arrive } from "../../features/presence/presence.actions.js";
import { DomainError, toDomainError } from "../../platform/errors.js";
import type { UserId } from "../../platform/ids.js";
import type { Authenticate, Session } from "../authenticate.js";
import { GraphqlOperation, type GraphqlServices } from "./context.js";
import { createDocumentCache } from "./documents.js";
import { createErrorFormatter, toGraphqlError } from "./errors.js";

/** A close code of ours: the token is missing, wrong or has expired. */
export const CLOSE_UNAUTHENTICATED = 4401;
const CLOSE_TOO_MANY = 4429;
const CLOSE_GOING_AWAY = 1001;

const MAX_FRAME_BYTES = 128 * 1024;
const INIT_TIMEOUT_MS = 5_000;
const HEARTBEAT_MS = 12_000;
const MAX_SOCKETS_PER_USER = 20;
const MAX_SUBSCRIPTIONS_PER_SOCKET = 50;

const tooManySubscriptions = new DomainError("CONFLICT", `A connection can have at most ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions.`);

/** What we keep of a connection beside the protocol's own state. */
interface Connection extends Partial<Record<PropertyKey, unknown>> {
  session?: Session;
  end?: () => void;
}

export interface GraphqlSocketServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every client to go on elsewhere, and stops. */
  close(): Promise<void>;
}

/** GraphQL over WebSocket (`graphql-transport-ws`): every kind of operation, on `/graphql`. */
export function createGraphqlSocketServer(schema: GraphQLSchema, authenticate: Authenticate, process: GraphqlServices): GraphqlSocketServer {
  const { services } = process;
  const format = createErrorFormatter(services.logger);
  const check = createDocumentCache(schema);
  const sockets = new Map<UserId, number>();
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });

  async function connect(context: ConnectionContext<Record<string, unknown> | undefined, Extra & Connection>): Promise<boolean> {
    const { extra, connectionParams } = context;
    const session = await authenticate(connectionParams?.authorization).catch((error: unknown) => toDomainError(error));
    if (session instanceof DomainError) return refuse(extra, closeCodeOf(session), session.message);
    const count = sockets.get(session.actor.id) ?? 0;
    if (count >= MAX_SOCKETS_PER_USER) return refuse(extra, CLOSE_TOO_MANY, "Too many connections. Close one first.");
    sockets.set(session.actor.id, count + 1);
    const depart = await arrive(services, session.actor);
    const disarm = services.clock.after(session.expiresAtMs - services.clock.now().getTime(), () => {
      extra.socket.close(CLOSE_UNAUTHENTICATED, "The token has expired.");
    });
    extra.session = session;
    extra.end = () => {
      disarm();
      depart();
      const left = (sockets.get(session.actor.id) ?? 1) - 1;
      if (left > 0) sockets.set(session.actor.id, left);
      else sockets.delete(session.actor.id);
    };
    // The socket may have closed while the person was looked up; then nobody else will end it.
    if (extra.socket.readyState !== extra.socket.OPEN) end(extra);
    return true;
  }

  const protocol = useServer<Record<string, unknown> | undefined, Connection>(
    {
      schema,
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      onConnect: connect,
      onClose: ({ extra }) => end(extra),
      onSubscribe({ subscriptions, extra }, _id, payload) {
        if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET) return [toGraphqlError(tooManySubscriptions)];
        if (extra.session === undefined) return [toGraphqlError(new DomainError("UNAUTHENTICATED", "Log in first."))];
        const checked = check(payload.query);
        if ("errors" in checked) return checked.errors;
        const contextValue = new GraphqlOperation(extra.session.actor, process);
        return { schema, document: checked.document, operationName: payload.operationName, variableValues: payload.variables, contextValue };
      },
      onError: (_context, _id, _payload, errors) => errors.map(format),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors === undefined ? undefined : { data: result.data ?? null, errors: result.errors.map(format) },
    },
    server,
    HEARTBEAT_MS,
  );

  return {
    upgrade: (request, socket, head) => server.handleUpgrade(request, socket, head, (client) => server.emit("connection", client, request)),
    async close() {
      for (const client of server.clients) client.close(CLOSE_GOING_AWAY, "Going away: connect again.");
      await protocol.dispose();
    },
  };
}

function refuse({ socket }: Extra, code: number, reason: string): false {
  socket.close(code, reason);
  return false;
}

function closeCodeOf(error: DomainError): number {
  return error.code === "UNAUTHENTICATED" ? CLOSE_UNAUTHENTICATED : CloseCode.InternalServerError;
}

function end(connection: Connection): void {
  connection.end?.();
  delete connection.end;
}
