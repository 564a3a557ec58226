import { CloseCode, type Context } from "graphql-ws";
import type { Extra } from "graphql-ws/use/ws";
import type { Via } from "../../platform/via.js";
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

/** What we keep of a connection beside the protocol's own state. */
export interface Connection extends Partial<Record<PropertyKey, unknown>> {
  seat?: Seat;
  readonly outbox: Outbox;
}

export type ConnectionContext = Context<Record<string, unknown> | undefined, Extra & Connection>;

/** Lets a connection in whose token is good; closes any other with a code that says why. */
export async function open(
  connections: Connections,
  { extra, connectionParams }: ConnectionContext,
  via: Via,
): Promise<boolean> {
  const { socket } = extra;
  // A router passes on the header of the one for whom it connects; a browser can't send any, and has the payload.
  const authorization = connectionParams?.authorization ?? extra.request.headers.authorization;
  const entered = await connections.enter({ authorization, via }, (reason) => {
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
  return true;
}
