import type { IncomingMessage } from "node:http";
import type { GraphQLSchema } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { DomainError } from "../../platform/errors.js";
import type { Connections } from "../connections.js";
import { rejectHandshake, type Upgrade } from "../http.js";
import { open, type Connection } from "./connections.js";
import { GraphqlOperation, type GraphqlServices } from "./context.js";
import { createDocumentCache } from "./documents.js";
import { createErrorFormatter, toGraphqlError } from "./errors.js";

const CLOSE_GOING_AWAY = 1001;

const MAX_FRAME_BYTES = 128 * 1024;
const INIT_TIMEOUT_MS = 5_000;
const HEARTBEAT_MS = 12_000;
const MAX_SUBSCRIPTIONS_PER_SOCKET = 50;

const tooManySubscriptions = new DomainError(
  "CONFLICT",
  `A connection can have at most ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions.`,
);

export interface GraphqlSocketServer {
  readonly upgrade: Upgrade;
  /** Tells every client to go on elsewhere, and stops. */
  close(): Promise<void>;
}

/** GraphQL over WebSocket (`graphql-transport-ws`): every kind of operation, on `/graphql`. */
export function createGraphqlSocketServer(
  schema: GraphQLSchema,
  connections: Connections,
  process: GraphqlServices,
): GraphqlSocketServer {
  const { services } = process;
  const format = createErrorFormatter(services.logger);
  const check = createDocumentCache(schema);
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
  server.on("wsClientError", rejectHandshake);

  /** What to call when it is known who has made an upgrade. */
  const known = new WeakMap<IncomingMessage, () => void>();
  const protocol = useServer<Record<string, unknown> | undefined, Connection>(
    {
      schema,
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      async onConnect(context) {
        const isIn = await open(connections, context);
        if (isIn) known.get(context.extra.request)?.();
        return isIn;
      },
      onClose: ({ extra }) => extra.seat?.leave(),
      onSubscribe({ subscriptions, extra }, _id, payload) {
        if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET)
          return [toGraphqlError(tooManySubscriptions)];
        if (extra.seat === undefined) return [toGraphqlError(new DomainError("UNAUTHENTICATED", "Log in first."))];
        const checked = check(payload.query);
        if ("errors" in checked) return checked.errors;
        const contextValue = new GraphqlOperation(extra.seat.actor, process);
        return {
          schema,
          document: checked.document,
          operationName: payload.operationName,
          variableValues: payload.variables,
          contextValue,
        };
      },
      onError: (_context, _id, _payload, errors) => errors.map(format),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors === undefined ? undefined : { data: result.data ?? null, errors: result.errors.map(format) },
    },
    server,
    HEARTBEAT_MS,
  );

  return {
    upgrade(request, socket, head, onKnown) {
      known.set(request, onKnown);
      server.handleUpgrade(request, socket, head, (client) => server.emit("connection", client, request));
    },
    async close() {
      for (const client of server.clients) client.close(CLOSE_GOING_AWAY, "Going away: connect again.");
      await protocol.dispose();
    },
  };
}
