import { CloseCode, type Context } from "graphql-ws";
import type { WebSocket } from "ws";
import type { Arrival } from "../http.js";
import type { Outbox } from "../outbox.js";
import type { Connections, RefusalReason, Seat } from "../connections.js";

/** A close code of ours: the token is missing, wrong or has expired. */
const CLOSE_UNAUTHENTICATED = 4401;

/** After the code for "come back later" clients try again by themselves, after the others they don't. */
const closeCodes: Readonly<Record<RefusalReason, number>> = {
  unauthenticated: CLOSE_UNAUTHENTICATED,
  "too many": 4429,
  away: 1013,
  "our fault": CloseCode.InternalServerError,
};

/**
 * What we keep of a connection beside the protocol's own state. Of the request with which it came only what is asked for
 * later: the whole of it is some kilobytes, for as long as somebody stays.
 */
export interface Connection extends Partial<Record<PropertyKey, unknown>> {
  seat?: Seat;
  readonly socket: WebSocket;
  readonly outbox: Outbox;
  readonly arrival: Arrival;
  readonly headers: UpgradeHeaders;
}

/** What may stand in the headers of an upgrade instead of in the payload of `connection_init`. */
export interface UpgradeHeaders {
  readonly authorization: string | undefined;
  readonly gatewaySecret: unknown;
}

export type ConnectionContext = Context<Record<string, unknown> | undefined, Connection>;

/** Lets a connection in whose token is good; closes any other with a code that says why. */
export async function open(connections: Connections, { extra, connectionParams }: ConnectionContext): Promise<boolean> {
  const { socket, headers, arrival } = extra;
  // A router passes on the header of the one for whom it connects; a browser can't send any, and has the payload.
  const authorization = connectionParams?.authorization ?? headers.authorization;
  const entered = await connections.enter({ authorization, via: arrival.via }, (reason) => {
    // At once: a client that does not say goodbye can still be heard for a while.
    extra.seat?.leave();
    delete extra.seat;
    socket.close(CLOSE_UNAUTHENTICATED, reason);
  });
  if ("refused" in entered) {
    socket.close(closeCodes[entered.refused], entered.message);
    return false;
  }
  // The socket may have closed while the person was looked up; then nobody else will end it.
  if (socket.readyState !== socket.OPEN) {
    entered.leave();
    return false;
  }
  extra.seat = entered;
  arrival.known();
  return true;
}
