import { getOperationAST, OperationTypeNode } from "graphql";
import { handleProtocols } from "graphql-ws";
import { WebSocketServer, type WebSocket } from "ws";
import { Deadline } from "../../platform/deadline.js";
import { DomainError } from "../../platform/errors.js";
import type { Connections } from "../connections.js";
import { sendAway, type Leaving } from "../farewell.js";
import type { Upgrade } from "../http.js";
import { rejectHandshake } from "../rejections.js";
import type { Outbox } from "../outbox.js";
import { createConversations, type ConversationOptions } from "./adapter.js";
import { open, type ConnectionContext } from "./connections.js";
import { GraphqlOperation, type GraphqlServices } from "./context.js";
import type { Documents } from "./documents.js";
import { createErrorFormatter, toGraphqlError } from "./errors.js";
import { LIMITS } from "./limits.js";
import { createSharing, nextMessage, type ToPayload } from "./sharing.js";
import { GATEWAY_PARAM, type TrustedDocuments } from "./trusted.js";
import { subscribePatiently } from "./subscribe.js";

const CLOSE_GOING_AWAY = 1001;

const MAX_FRAME_BYTES = 128 * 1024;
const INIT_TIMEOUT_MS = 5_000;
const MAX_SUBSCRIPTIONS_PER_SOCKET = 50;

const socketOptions = {
  noServer: true,
  maxPayload: MAX_FRAME_BYTES,
  perMessageDeflate: false,
  handleProtocols,
} as const;

const tooManySubscriptions = new DomainError(
  "CONFLICT",
  `A connection can have at most ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions.`,
);

export interface GraphqlSocketServer {
  readonly upgrade: Upgrade;
  /** Finishes what runs, tells every client to go on elsewhere, and stops. */
  close(): Promise<void>;
}

/** GraphQL over WebSocket (`graphql-transport-ws`): every kind of operation, on `/graphql`. */
export function createGraphqlSocketServer(
  documents: Documents & { readonly trusted: TrustedDocuments },
  connections: Connections,
  process: GraphqlServices,
): GraphqlSocketServer {
  const { services } = process;
  const server = new WebSocketServer(socketOptions);
  server.on("wsClientError", rejectHandshake);

  const contexts = new WeakMap<WebSocket, ConnectionContext>();
  const converse = createConversations(
    {
      schema: documents.schema,
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      subscribe: (args) => subscribePatiently(args, services.clock),
      onConnect(context) {
        contexts.set(context.extra.socket, context);
        return open(connections, context);
      },
      onClose: ({ extra }) => extra.seat?.leave(),
      ...operationsOf(documents, process),
    },
    services,
  );

  return {
    upgrade(request, socket, head, arrival) {
      server.handleUpgrade(request, socket, head, (client) => converse(client, request, arrival));
    },
    async close() {
      await sendAway([...server.clients].map((client) => leavingOf(client, contexts.get(client))));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** How operations begin, and what is said of their results. */
function operationsOf(
  { schema, check, excessOf, trusted }: Documents & { readonly trusted: TrustedDocuments },
  process: GraphqlServices,
): Pick<ConversationOptions, "onSubscribe" | "onError" | "onNext"> {
  const format = createErrorFormatter(process.services.logger);
  const toPayload: ToPayload = ({ data = null, errors }) =>
    errors === undefined ? { data } : { data, errors: errors.map(format) };
  const viewOf = createSharing(process, toPayload);
  return {
    onSubscribe({ subscriptions, extra, connectionParams }, id, payload) {
      if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET)
        return [toGraphqlError(tooManySubscriptions)];
      if (extra.seat === undefined) return [toGraphqlError(new DomainError("UNAUTHENTICATED", "Log in first."))];
      const secret = connectionParams?.[GATEWAY_PARAM] ?? extra.headers.gatewaySecret;
      const text = meant(() => trusted.textOf(payload, trusted.isGateway(secret)) ?? payload.query);
      if ("refused" in text) return [toGraphqlError(text.refused)];
      const excess = excessOf({ ...payload, query: text.meant });
      if (excess !== undefined) return [excess];
      const checked = check(text.meant);
      if ("errors" in checked) return checked.errors;
      // The protocol holds on to what was asked until it is answered: of the text, everybody's one copy is enough.
      Object.assign(payload, { query: checked.document.loc?.source.body });
      const { operationName, variables: variableValues } = payload;
      const args = { schema, document: checked.document, operationName, variableValues };
      const view = viewOf(args);
      const shared = view && { view, send: offerTo(extra.outbox, id) };
      const isFollowing =
        getOperationAST(checked.document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
      const deadline = isFollowing ? undefined : new Deadline(process.services.clock, LIMITS.timeMs);
      const { via } = extra.arrival;
      return { ...args, contextValue: new GraphqlOperation(extra.seat.actor, process, { via, deadline, shared }) };
    },
    onError: (_context, _id, _payload, errors) => errors.map(format),
    onNext(_context, _id, _payload, { contextValue }, result) {
      if (result.errors !== undefined && contextValue instanceof GraphqlOperation)
        contextValue.noteRefusals(result.errors);
      return toPayload(result);
    },
  };
}

/** Offers shared results to one subscription. */
function offerTo(outbox: Outbox, id: string): (rest: Buffer) => boolean {
  const start = nextMessage(id);
  return (rest) => outbox.offer({ start, rest });
}

/** Which document it is, or why it is none. */
function meant(find: () => string): { readonly meant: string } | { readonly refused: unknown } {
  try {
    return { meant: find() };
  } catch (error) {
    return { refused: error };
  }
}

/** A client is answered when nothing but subscriptions is under way: of those the protocol keeps the events. */
function leavingOf(client: WebSocket, context: ConnectionContext | undefined): Leaving {
  return {
    isBusy: () => Object.values(context?.subscriptions ?? {}).includes(null),
    close: () => client.close(CLOSE_GOING_AWAY, "Going away: connect again."),
    isClosed: () => client.readyState === client.CLOSED,
    terminate: () => client.terminate(),
  };
}
