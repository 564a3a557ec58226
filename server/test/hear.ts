import type { User } from "../features/directory/directory.js";
import type { Delivery } from "../features/feed/room-event.js";
import { followRoom, followViewer, type FollowContext } from "../features/rooms/room.follow.js";
import type { Room } from "../features/rooms/room.js";
import { until } from "./until.js";
import type { World } from "./world.js";

/** What somebody who follows a room, or all of theirs, has heard so far: the `ready` event is left out. */
export interface Ear {
  readonly heard: readonly Delivery[];
  stop(): void;
}

export async function hearRoom(world: World, user: User, room: Room): Promise<Ear> {
  return hear(world, user, (context) => followRoom(context, String(room.id), undefined));
}

export async function hearAll(world: World, user: User): Promise<Ear> {
  return hear(world, user, (context) => followViewer(context, []));
}

async function hear(
  world: World,
  user: User,
  start: (context: FollowContext) => Promise<AsyncGenerator<Delivery, void>>,
): Promise<Ear> {
  const ended = new AbortController();
  const heard: Delivery[] = [];
  let isReady = false;
  const deliveries = await start({
    viewerId: user.id,
    feed: world.feed,
    fork: () => world.database.fork(),
    signal: ended.signal,
  });
  const listening = (async () => {
    for await (const delivery of deliveries) {
      if (delivery.event.kind === "ready") isReady = true;
      else heard.push(delivery);
    }
  })();
  await until(() => isReady, "the ready event");
  return {
    heard,
    stop() {
      ended.abort();
      void listening;
    },
  };
}
