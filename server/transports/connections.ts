import { hearAboutPeople } from "../features/directory/directory.actions.js";
import { ACCOUNT_DELETED, type PeopleMessage } from "../features/directory/directory.js";
import { newsOf } from "../features/directory/directory.queries.js";
import { arrive } from "../features/presence/presence.actions.js";
import { MAX_SOCKETS_PER_USER, takeSocketPlace } from "../features/presence/socket-place.actions.js";
import { DomainError, toDomainError } from "../platform/errors.js";
import type { UserId } from "../platform/ids.js";
import type { Database } from "../platform/orm.js";
import { warnOf } from "../platform/outage.js";
import type { Actor, Services } from "../platform/scope.js";
import type { RevokedTokens, TokenIdentity } from "../platform/revoked-tokens.js";
import type { Via } from "../platform/via.js";
import { TOKEN_REVOKED, type Authenticate } from "./authenticate.js";
import type { Session } from "./sessions.js";

/** Why a connection is not let in: each transport has a close code of its own for it. */
export type RefusalReason = "unauthenticated" | "too many" | "away" | "our fault";

export interface Refusal {
  readonly refused: RefusalReason;
  readonly message: string;
}

const TOO_MANY: Refusal = { refused: "too many", message: "Too many connections. Close one first." };

/** Ends a connection that may go on no more, and says why. */
export type OnEnd = (reason: string) => void;

/** One connection's place: whose it is, for as long as its token is good and its person is there. */
export interface Seat {
  /** The same object all the time, with the names that its person has now: whoever holds on to it has them too. */
  readonly actor: Actor;
  /**
   * Goes on for as long as a newer token of the same person says.
   * @throws DomainError UNAUTHENTICATED: no good token, or another person's
   */
  renew(authorization: unknown): Promise<void>;
  /** Gives the place back. Doing so twice is doing so once. */
  leave(): void;
}

/** What somebody shows who connects, and the way by which they come. */
export interface Credentials {
  readonly authorization: unknown;
  readonly via: Via;
}

/** Who is connected to this node by WebSocket, over all transports; a person at most so often, over all nodes. */
export interface Connections {
  /** Lets a connection in whose token is good; `onEnd` is called when it has expired or is revoked, or its person is deleted. */
  enter(credentials: Credentials, onEnd: OnEnd): Promise<Seat | Refusal>;
  /** Hears from now on of the people who are connected, on whichever node it is said. The answer ends it. */
  listen(): Promise<() => Promise<void>>;
}

/** What is remembered of a seat, so that its connection hears what becomes of its person. */
interface Place {
  readonly actor: { -readonly [Name in keyof Actor]: Actor[Name] };
  readonly onEnd: OnEnd;
  /** Another one once it was renewed. */
  token: TokenIdentity;
}

/** What connections stand on. */
export interface ConnectionsParts {
  readonly database: Database;
  readonly services: Services;
}

/** The places of this node, by person: who has one hears of it what becomes of them. */
class Places {
  private readonly byPerson = new Map<UserId, Set<Place>>();

  /** The people who have a place. */
  get people(): readonly UserId[] {
    return [...this.byPerson.keys()];
  }

  countOf(id: UserId): number {
    return this.byPerson.get(id)?.size ?? 0;
  }

  /** Takes a place. The answer gives it back. */
  take(place: Place): () => void {
    const { id } = place.actor;
    const ofPerson = this.byPerson.get(id) ?? new Set();
    this.byPerson.set(id, ofPerson.add(place));
    return () => {
      ofPerson.delete(place);
      if (ofPerson.size === 0) this.byPerson.delete(id);
    };
  }

  /** Ends those whose tokens count no more. */
  endRevoked(revoked: RevokedTokens): void {
    for (const place of [...this.byPerson.values()].flatMap((places) => [...places])) endIfRevoked(place, revoked);
  }

  apply({ kind, users }: PeopleMessage): void {
    if (kind === "presence_changed") return;
    for (const { id, username, displayName } of users) {
      for (const { actor, onEnd } of this.byPerson.get(id) ?? []) {
        Object.assign(actor, { username, displayName });
        if (kind === "user_deleted") onEnd(ACCOUNT_DELETED);
      }
    }
  }
}

/** Asked for once more as soon as a place has its token: whoever revoked it before that found no place to end. */
function endIfRevoked({ token, onEnd }: Place, revoked: RevokedTokens): void {
  if (revoked.has(token)) onEnd(TOKEN_REVOKED);
}

interface Entered {
  readonly session: Session;
  readonly via: Via;
  readonly onEnd: OnEnd;
}

interface SeatParts {
  readonly authenticate: Authenticate;
  readonly services: Services;
  readonly places: Places;
}

/** One connection takes its place: until its token has expired or it leaves, and its person counts as present. */
function takeSeat(
  { authenticate, services, places }: SeatParts,
  { session, via, onEnd }: Entered,
): Seat & { readonly present: Promise<unknown>; readonly isShared: Promise<boolean> } {
  const { clock, logger, revokedTokens } = services;
  const actor = { ...session.actor };
  const place: Place = { actor, onEnd, token: session.token };
  const shared = takeSocketPlace(services, actor.id, places.countOf(actor.id));
  const giveBack = places.take(place);
  const arm = (untilMs: number) => clock.after(untilMs - clock.now().getTime(), () => onEnd("The token has expired."));
  let disarm = arm(session.expiresAtMs);
  let hasLeft = false;
  const present = arrive(services, actor);
  endIfRevoked(place, revokedTokens);
  return {
    actor,
    // Over all nodes there was a place, too.
    isShared: shared.then((taken) => taken !== undefined),
    // Presence may be lost; a connection is not refused for it.
    present: present.catch((error: unknown) => logger.debug({ err: error }, "an arrival was not counted")),
    async renew(authorization) {
      const renewed = await authenticate(authorization, via);
      if (renewed.actor.id !== actor.id)
        throw new DomainError("UNAUTHENTICATED", "This token is another person's. Open a connection for them.");
      if (hasLeft) return;
      place.token = renewed.token;
      disarm();
      disarm = arm(renewed.expiresAtMs);
      endIfRevoked(place, revokedTokens);
    },
    leave() {
      if (hasLeft) return;
      hasLeft = true;
      disarm();
      giveBack();
      void shared.then((release) => release?.());
      present.then(
        (depart) => depart(),
        () => {},
      );
    },
  };
}

export function createConnections(authenticate: Authenticate, { database, services }: ConnectionsParts): Connections {
  const { logger } = services;
  const places = new Places();
  /** What was heard while somebody was looked up, for each who is: it may be newer than what was found. */
  const entering = new Set<PeopleMessage[]>();

  function hear(message: PeopleMessage): void {
    for (const heard of entering) heard.push(message);
    places.apply(message);
  }

  /** While the broker was away nothing was heard. */
  async function lookAgain(): Promise<void> {
    for (const message of await newsOf(database.fork(), places.people)) hear(message);
  }

  return {
    async enter({ authorization, via }, onEnd) {
      const meanwhile: PeopleMessage[] = [];
      entering.add(meanwhile);
      const session = await authenticate(authorization, via)
        .catch((error: unknown) => refusalOf(error, services))
        .finally(() => entering.delete(meanwhile));
      if ("refused" in session) return session;
      if (places.countOf(session.actor.id) >= MAX_SOCKETS_PER_USER) return TOO_MANY;
      const entered = { session, via, onEnd };
      const { present, isShared, ...seat } = takeSeat({ authenticate, services, places }, entered);
      for (const message of meanwhile) places.apply(message);
      await present;
      if (await isShared) return seat;
      seat.leave();
      return TOO_MANY;
    },
    async listen() {
      const stopLooking = services.pubsub.onReturn(() => {
        lookAgain().catch((error: unknown) => warnOf(logger, error, "could not look who is still there"));
      });
      const { revokedTokens } = services;
      const stopRevoking = revokedTokens.onAdded(() => places.endRevoked(revokedTokens));
      const stopHearing = await hearAboutPeople(services, hear);
      return async () => {
        stopLooking();
        stopRevoking();
        await stopHearing();
      };
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
