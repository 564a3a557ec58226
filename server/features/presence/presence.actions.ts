import type { SqlEntityManager } from "@mikro-orm/sql";
import { warnOf } from "../../platform/outage.js";
import type { PubSub } from "../../platform/pubsub/pubsub.js";
import type { Actor, Services } from "../../platform/scope.js";
import type { Feed } from "../feed/feed.node.js";
import { roomStream, userStream } from "../feed/stream.js";
import { hearAboutPeople, tellAboutPeople } from "../directory/directory.actions.js";
import type { PeopleMessage } from "../directory/directory.js";
import { usersByIds } from "../directory/directory.queries.js";
import { roomIdsOf } from "../rooms/room.queries.js";
import { DEPARTURE_GRACE_MS, presenceKey, userIdsOfKeys } from "./presence.js";

/** Counts one connection of this person; the answer ends it. */
export async function arrive(services: Services, actor: Actor): Promise<() => void> {
  if (await services.leases.acquire(presenceKey(actor.id))) tell(services, actor);
  let departed = false;
  return () => {
    if (departed) return;
    departed = true;
    services.clock.after(DEPARTURE_GRACE_MS, () => {
      depart(services, actor).catch((error: unknown) =>
        warnOf(services.logger, error, "a departure was not noted; the lease runs out"),
      );
    });
  };
}

async function depart(services: Services, actor: Actor): Promise<void> {
  if (await services.leases.release(presenceKey(actor.id))) tell(services, actor);
}

/** Those of whom it is about to be told that they came or went, by the broker that tells it. */
const untold = new WeakMap<PubSub, Actor[]>();

/** Those who come and go at the same moment are told about together: each node then looks for their rooms once. */
function tell(services: Services, actor: Actor): void {
  const others = untold.get(services.pubsub);
  if (others !== undefined) return void others.push(actor);
  const users = [actor];
  untold.set(services.pubsub, users);
  setImmediate(() => {
    untold.delete(services.pubsub);
    tellAboutPeople(services, { kind: "presence_changed", users });
  });
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
    tellAboutChanged(services, fork(), keys).catch((error: unknown) =>
      warnOf(services.logger, error, "a changed presence was not told"),
    );
  });
  const stopHearing = await hearAboutPeople(services, (message) => passOn(message, feed, fork));
  return async () => {
    stopWatching();
    await stopHearing();
  };
}

async function tellAboutChanged(services: Services, em: SqlEntityManager, keys: readonly string[]): Promise<void> {
  tellAboutPeople(services, { kind: "presence_changed", users: await usersByIds(em, userIdsOfKeys(keys)) });
}

async function passOn({ kind, users }: PeopleMessage, feed: Feed, fork: () => SqlEntityManager): Promise<void> {
  // Of somebody who is deleted the rooms hear by the log, before they are out of them.
  if (kind === "user_deleted") return;
  const rooms = await roomIdsOf(
    fork(),
    users.map((user) => user.id),
  );
  for (const [index, user] of users.entries()) {
    const streams = [userStream(user.id), ...(rooms[index] ?? []).map(roomStream)];
    const message = {
      event: { kind, userId: user.id },
      snapshots: { users: [user], messages: [] },
      key: `${kind}:${user.id}`,
    };
    for (const hub of feed.hubsOf(streams)) hub.hear({ stream: hub.stream, ...message });
  }
}
