import { CloseCode, type Context } from "graphql-ws";
import type { Extra } from "graphql-ws/use/ws";
import { arrive } from "../../features/presence/presence.actions.js";
import { DomainError, toDomainError } from "../../platform/errors.js";
import type { UserId } from "../../platform/ids.js";
import type { Services } from "../../platform/scope.js";
import type { Authenticate, Session } from "../authenticate.js";

/** A close code of ours: the token is missing, wrong or has expired. */
export const CLOSE_UNAUTHENTICATED = 4401;
/** A close code of ours: this person has too many connections. */
export const CLOSE_TOO_MANY = 4429;

/** The protocol's codes for "come back later" and for a fault of ours: clients try again after the first alone. */
const CLOSE_TRY_AGAIN = 1013;

const MAX_SOCKETS_PER_USER = 20;

/** What we keep of a connection beside the protocol's own state. */
export interface Connection extends Partial<Record<PropertyKey, unknown>> {
  session?: Session;
  end?: () => void;
}

export type ConnectionContext = Context<Record<string, unknown> | undefined, Extra & Connection>;

/** Who is connected to this node: a person at a time, each connection until its token expires. */
export interface Connections {
  /** Lets a connection in whose token is good; closes any other with a code that says why. */
  open(context: ConnectionContext): Promise<boolean>;
  close(connection: Connection): void;
}

export function createConnections(authenticate: Authenticate, services: Services): Connections {
  const counts = new Map<UserId, number>();

  function close(connection: Connection): void {
    connection.end?.();
    delete connection.end;
  }

  return {
    async open({ extra, connectionParams }) {
      // A router passes on the header of the one for whom it connects; a browser can't send any, and has the payload.
      const authorization = connectionParams?.authorization ?? extra.request.headers.authorization;
      const session = await authenticate(authorization).catch((error: unknown) => refusalOf(error, services));
      if (session instanceof DomainError) return refuse(extra, closeCodeOf(session), session.message);
      const { actor, expiresAtMs } = session;
      const count = counts.get(actor.id) ?? 0;
      if (count >= MAX_SOCKETS_PER_USER) return refuse(extra, CLOSE_TOO_MANY, "Too many connections. Close one first.");
      counts.set(actor.id, count + 1);
      const disarm = services.clock.after(expiresAtMs - services.clock.now().getTime(), () => {
        extra.socket.close(CLOSE_UNAUTHENTICATED, "The token has expired.");
      });
      const present = arrive(services, actor);
      extra.session = session;
      extra.end = () => {
        disarm();
        const left = (counts.get(actor.id) ?? 1) - 1;
        if (left > 0) counts.set(actor.id, left);
        else counts.delete(actor.id);
        present.then(
          (depart) => depart(),
          () => {},
        );
      };
      // Presence may be lost; a connection is not refused for it.
      await present.catch((error: unknown) => services.logger.debug({ err: error }, "an arrival was not counted"));
      // The socket may have closed while the person was looked up; then nobody else will end it.
      if (extra.socket.readyState !== extra.socket.OPEN) close(extra);
      return true;
    },
    close,
  };
}

function refuse({ socket }: Extra, code: number, reason: string): false {
  socket.close(code, reason);
  return false;
}

/** What stands in the way of a log-in; a fault of ours is logged here, because nobody after this sees it. */
function refusalOf(error: unknown, { logger }: Services): DomainError {
  const refusal = toDomainError(error);
  if (refusal.code === "INTERNAL_SERVER_ERROR") logger.error({ err: error }, "authentication failed");
  return refusal;
}

function closeCodeOf({ code }: DomainError): number {
  if (code === "UNAUTHENTICATED") return CLOSE_UNAUTHENTICATED;
  return code === "UNAVAILABLE" ? CLOSE_TRY_AGAIN : CloseCode.InternalServerError;
}
