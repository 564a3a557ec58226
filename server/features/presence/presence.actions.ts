import type { SqlEntityManager } from "@mikro-orm/sql";
import type { Actor, Services } from "../../platform/scope.js";
import type { EphemeralMessage } from "../feed/feed.actions.js";
import type { Feed } from "../feed/feed.node.js";
import { roomStream, userStream } from "../feed/stream.js";
import type { User } from "../directory/directory.js";
import { usersByIds } from "../directory/directory.queries.js";
import { roomIdsOf } from "../rooms/room.queries.js";
import { presenceKey, userIdsOfKeys } from "./presence.js";

/** Somebody is gone this long after their last connection closed: a reload is no departure. */
const DEPARTURE_GRACE_MS = 5_000;

/** One topic for all people: each node knows which of its rooms a person is in. */
const PEOPLE_TOPIC = "people";

interface PersonMessage {
  readonly kind: "presence_changed" | "user_changed";
  readonly user: User;
}

/** Counts one connection of this person; the answer ends it. */
export async function arrive(services: Services, actor: Actor): Promise<() => void> {
  if (await services.leases.acquire(presenceKey(actor.id)))
    tellAboutPerson(services, { kind: "presence_changed", user: actor });
  let departed = false;
  return () => {
    if (departed) return;
    departed = true;
    services.clock.after(DEPARTURE_GRACE_MS, () => {
      depart(services, actor).catch((error: unknown) =>
        services.logger.warn({ err: error }, "a departure was not noted; the lease runs out"),
      );
    });
  };
}

async function depart(services: Services, actor: Actor): Promise<void> {
  if (await services.leases.release(presenceKey(actor.id)))
    tellAboutPerson(services, { kind: "presence_changed", user: actor });
}

/** Tells those who share a room with somebody that something about that person has changed. */
export function tellAboutPerson(services: Services, message: PersonMessage): void {
  services.pubsub
    .publish(PEOPLE_TOPIC, JSON.stringify(message))
    .catch(() => services.logger.debug("a person's change was not published"));
}

/**
 * Passes what is said about people on to the rooms that are followed on this node, and says itself whose node has died.
 * The answer ends it.
 */
export async function listenToPeople(
  services: Services,
  feed: Feed,
  fork: () => SqlEntityManager,
): Promise<() => Promise<void>> {
  const stopWatching = services.leases.onChange((keys) => {
    tellAboutChanged(services, fork(), keys).catch((error: unknown) => {
      services.logger.warn({ err: error }, "a changed presence was not told");
    });
  });
  const stopHearing = await services.pubsub.subscribe(PEOPLE_TOPIC, (text) => {
    passOn(text, feed, fork).catch((error: unknown) => {
      services.logger.debug({ err: error }, "a person's change was not passed on");
    });
  });
  return async () => {
    stopWatching();
    await stopHearing();
  };
}

async function tellAboutChanged(services: Services, em: SqlEntityManager, keys: readonly string[]): Promise<void> {
  for (const user of await usersByIds(em, userIdsOfKeys(keys)))
    tellAboutPerson(services, { kind: "presence_changed", user });
}

async function passOn(text: string, feed: Feed, fork: () => SqlEntityManager): Promise<void> {
  const { kind, user } = parsePersonMessage(text);
  const rooms = await roomIdsOf(fork(), user.id);
  const streams = [userStream(user.id), ...rooms.map(roomStream)];
  for (const hub of feed.hubsOf(streams)) {
    const message: EphemeralMessage = {
      stream: hub.stream,
      event: { kind, userId: user.id },
      snapshots: { users: [user], messages: [] },
      key: `${kind}:${user.id}`,
    };
    hub.hear(message);
  }
}

function parsePersonMessage(text: string): PersonMessage {
  return JSON.parse(text) as PersonMessage;
}
