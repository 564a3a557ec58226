import { arrive } from "../features/presence/presence.actions.js";
import { DomainError, toDomainError } from "../platform/errors.js";
import type { UserId } from "../platform/ids.js";
import type { Actor, Services } from "../platform/scope.js";
import type { Authenticate } from "./authenticate.js";

const MAX_SOCKETS_PER_USER = 20;

/** Why a connection is not let in: each transport has a close code of its own for it. */
export type RefusalReason = "unauthenticated" | "too many" | "away" | "our fault";

export interface Refusal {
  readonly refused: RefusalReason;
  readonly message: string;
}

/** One connection's place: whose it is, for as long as its token is good. */
export interface Seat {
  readonly actor: Actor;
  /**
   * Goes on for as long as a newer token of the same person says.
   * @throws DomainError UNAUTHENTICATED: no good token, or another person's
   */
  renew(authorization: unknown): Promise<void>;
  /** Gives the place back. Doing so twice is doing so once. */
  leave(): void;
}

/** Who is connected to this node by WebSocket, over all transports: a person at a time, and at most so often each. */
export interface Connections {
  /** Lets a connection in whose token is good; `onExpiry` is called when it has expired. */
  enter(authorization: unknown, onExpiry: () => void): Promise<Seat | Refusal>;
}

export function createConnections(authenticate: Authenticate, services: Services): Connections {
  const { clock } = services;
  const counts = new Map<UserId, number>();

  function seat(
    actor: Actor,
    expiresAtMs: number,
    onExpiry: () => void,
  ): Seat & { readonly present: Promise<unknown> } {
    counts.set(actor.id, (counts.get(actor.id) ?? 0) + 1);
    const arm = (untilMs: number) => clock.after(untilMs - clock.now().getTime(), onExpiry);
    let disarm = arm(expiresAtMs);
    let hasLeft = false;
    const present = arrive(services, actor);
    return {
      actor,
      // Presence may be lost; a connection is not refused for it.
      present: present.catch((error: unknown) => services.logger.debug({ err: error }, "an arrival was not counted")),
      async renew(authorization) {
        const session = await authenticate(authorization);
        if (session.actor.id !== actor.id)
          throw new DomainError("UNAUTHENTICATED", "This token is another person's. Open a connection for them.");
        if (hasLeft) return;
        disarm();
        disarm = arm(session.expiresAtMs);
      },
      leave() {
        if (hasLeft) return;
        hasLeft = true;
        disarm();
        const left = (counts.get(actor.id) ?? 1) - 1;
        if (left > 0) counts.set(actor.id, left);
        else counts.delete(actor.id);
        present.then(
          (depart) => depart(),
          () => {},
        );
      },
    };
  }

  return {
    async enter(authorization, onExpiry) {
      const session = await authenticate(authorization).catch((error: unknown) => refusalOf(error, services));
      if ("refused" in session) return session;
      if ((counts.get(session.actor.id) ?? 0) >= MAX_SOCKETS_PER_USER)
        return { refused: "too many", message: "Too many connections. Close one first." };
      const { present, ...place } = seat(session.actor, session.expiresAtMs, onExpiry);
      await present;
      return place;
    },
  };
}

/** What stands in the way of a log-in; a fault of ours is logged here, because nobody after this sees it. */
function refusalOf(error: unknown, { logger }: Services): Refusal {
  const { code, message } = toDomainError(error);
  if (code === "UNAUTHENTICATED") return { refused: "unauthenticated", message };
  if (code === "UNAVAILABLE") return { refused: "away", message };
  logger.error({ err: error }, "authentication failed");
  return { refused: "our fault", message };
}
