import { hearAboutPeople } from "../features/directory/directory.actions.js";
import { ACCOUNT_DELETED, type PeopleMessage } from "../features/directory/directory.js";
import { newsOf } from "../features/directory/directory.queries.js";
import { arrive } from "../features/presence/presence.actions.js";
import { DomainError, toDomainError } from "../platform/errors.js";
import type { UserId } from "../platform/ids.js";
import type { Database } from "../platform/orm.js";
import type { Actor, Services } from "../platform/scope.js";
import type { Authenticate, Session } from "./authenticate.js";

const MAX_SOCKETS_PER_USER = 20;

/** Why a connection is not let in: each transport has a close code of its own for it. */
export type RefusalReason = "unauthenticated" | "too many" | "away" | "our fault";

export interface Refusal {
  readonly refused: RefusalReason;
  readonly message: string;
}

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

/** Who is connected to this node by WebSocket, over all transports: a person at a time, and at most so often each. */
export interface Connections {
  /** Lets a connection in whose token is good; `onEnd` is called when it has expired, or its person is deleted. */
  enter(authorization: unknown, onEnd: OnEnd): Promise<Seat | Refusal>;
  /** Hears from now on of the people who are connected, on whichever node it is said. The answer ends it. */
  listen(): Promise<() => Promise<void>>;
}

/** What connections stand on. */
export interface ConnectionsParts {
  readonly database: Database;
  readonly services: Services;
}

export function createConnections(authenticate: Authenticate, { database, services }: ConnectionsParts): Connections {
  const places = createPlaces();
  /** What was heard while somebody was looked up, for each who is: it may be newer than what was found. */
  const entering = new Set<PeopleMessage[]>();

  function hear(message: PeopleMessage): void {
    for (const heard of entering) heard.push(message);
    places.apply(message);
  }

  /** While the broker was away nothing was heard. */
  async function lookAgain(): Promise<void> {
    for (const message of await newsOf(database.fork(), places.people())) hear(message);
  }

  return {
    async enter(authorization, onEnd) {
      const meanwhile: PeopleMessage[] = [];
      entering.add(meanwhile);
      const session = await authenticate(authorization)
        .catch((error: unknown) => refusalOf(error, services))
        .finally(() => entering.delete(meanwhile));
      if ("refused" in session) return session;
      if (places.countOf(session.actor.id) >= MAX_SOCKETS_PER_USER)
        return { refused: "too many", message: "Too many connections. Close one first." };
      const { present, ...seat } = takeSeat({ authenticate, services, places }, session, onEnd);
      for (const message of meanwhile) places.apply(message);
      await present;
      return seat;
    },
    async listen() {
      const stopLooking = services.pubsub.onReturn(() => {
        lookAgain().catch((error: unknown) =>
          services.logger.warn({ err: error }, "could not look who of the connected is still there"),
        );
      });
      const stopHearing = await hearAboutPeople(services, hear);
      return async () => {
        stopLooking();
        await stopHearing();
      };
    },
  };
}

/** What is remembered of a seat, so that its connection hears what becomes of its person. */
interface Place {
  readonly actor: { -readonly [Name in keyof Actor]: Actor[Name] };
  readonly onEnd: OnEnd;
}

/** All seats that are taken on this node. */
interface Places {
  /** The answer gives the place back. */
  take(place: Place): () => void;
  countOf(id: UserId): number;
  people(): readonly UserId[];
  apply(message: PeopleMessage): void;
}

function createPlaces(): Places {
  const places = new Map<UserId, Set<Place>>();
  return {
    take(place) {
      const { id } = place.actor;
      const ofPerson = places.get(id) ?? new Set();
      places.set(id, ofPerson.add(place));
      return () => {
        ofPerson.delete(place);
        if (ofPerson.size === 0) places.delete(id);
      };
    },
    countOf: (id) => places.get(id)?.size ?? 0,
    people: () => [...places.keys()],
    apply({ kind, users }) {
      if (kind === "presence_changed") return;
      for (const { id, username, displayName } of users) {
        for (const { actor, onEnd } of places.get(id) ?? []) {
          Object.assign(actor, { username, displayName });
          if (kind === "user_deleted") onEnd(ACCOUNT_DELETED);
        }
      }
    },
  };
}

interface Entrance {
  readonly authenticate: Authenticate;
  readonly services: Services;
  readonly places: Places;
}

function takeSeat(
  { authenticate, services, places }: Entrance,
  session: Session,
  onEnd: OnEnd,
): Seat & { readonly present: Promise<unknown> } {
  const { clock, logger } = services;
  const actor = { ...session.actor };
  const giveBack = places.take({ actor, onEnd });
  const arm = (untilMs: number) => clock.after(untilMs - clock.now().getTime(), () => onEnd("The token has expired."));
  let disarm = arm(session.expiresAtMs);
  let hasLeft = false;
  const present = arrive(services, actor);
  return {
    actor,
    // Presence may be lost; a connection is not refused for it.
    present: present.catch((error: unknown) => logger.debug({ err: error }, "an arrival was not counted")),
    async renew(authorization) {
      const renewed = await authenticate(authorization);
      if (renewed.actor.id !== actor.id)
        throw new DomainError("UNAUTHENTICATED", "This token is another person's. Open a connection for them.");
      if (hasLeft) return;
      disarm();
      disarm = arm(renewed.expiresAtMs);
    },
    leave() {
      if (hasLeft) return;
      hasLeft = true;
      disarm();
      giveBack();
      present.then(
        (depart) => depart(),
        () => {},
      );
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
