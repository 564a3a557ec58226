import { Arg, Ctx, ID, Int, Query, Resolver, Root, Subscription } from "type-graphql";
import type { Delivery } from "../../features/feed/room-event.js";
import { attendAllRooms, attendRoom, type AttendContext } from "../../features/presence/attendance.follow.js";
import { roomEventsAfter } from "../../features/rooms/room.follow.js";
import { parsePage, toConnection, type Connection } from "../../platform/paging.js";
import { connectionTypes } from "../../platform/paging.graphql.js";
import { patiently } from "../../platform/wait.js";
import type { GraphqlOperation } from "./context.js";
import { ChatEvent, ChatRoomEvent } from "./event-types.graphql.js";
import { primeLoaders, toGraphEvent, type GraphEvent } from "./event.js";

const { Connection: RoomEventConnection } = connectionTypes("ChatRoomEvent", () => ChatRoomEvent, "event of a room");

interface Handler<Arguments> {
  readonly args: Arguments;
  readonly context: GraphqlOperation;
}

@Resolver()
export class EventsResolver {
  @Query(() => RoomEventConnection, {
    description:
      "What happened in a room after a position: the same events as in the subscription, for catching up by polling.",
  })
  async chatRoomEvents(
    @Ctx() operation: GraphqlOperation,
    @Arg("roomId", () => ID, { description: "The room." }) id: string,
    @Arg("after", () => String, { description: "The position to continue from." }) after: string,
    @Arg("first", () => Int, { nullable: true, description: "How many, 1 to 100; 50 when absent." }) first:
      | number
      | null
      | undefined,
  ): Promise<Connection<GraphEvent>> {
    const { scope, loaders, process } = operation;
    const page = parsePage({ first }, "start");
    const polling = { viewerId: scope.actor.id, feed: process.feed, fork: () => process.database.fork() };
    const found = await roomEventsAfter(polling, id, { after, limit: page.limit + 1 });
    for (const delivery of found) primeLoaders(loaders, delivery);
    const shown = await Promise.all(found.map((delivery) => toGraphEvent(delivery, loaders)));
    const events = shown.filter((event) => event !== undefined);
    const connection = toConnection(events, page, (event) => event.cursor ?? after);
    // An empty page keeps the caller's place.
    return {
      ...connection,
      pageInfo: { ...connection.pageInfo, hasPreviousPage: true, endCursor: connection.pageInfo.endCursor ?? after },
    };
  }

  @Subscription(() => ChatRoomEvent, {
    name: "chatRoomEvents",
    description:
      "One room's events: what was missed after the position, then what happens. It ends when the viewer is no longer in the room.",
    subscribe: ({ args, context }: Handler<{ roomId: string; after?: string | null }>) =>
      deliver(context, (follow) => attendRoom(follow, args.roomId, args.after ?? undefined)),
  })
  followRoomEvents(
    @Root() event: GraphEvent,
    @Arg("roomId", () => ID, { description: "One of the viewer's rooms." }) _roomId: string,
    @Arg("after", () => String, { nullable: true, description: "The position to continue from; absent: from now on." })
    _after: string | null | undefined,
  ): GraphEvent {
    return event;
  }

  @Subscription(() => ChatEvent, {
    description: "All events of all the viewer's rooms and of their own stream, on one subscription.",
    subscribe: ({ args, context }: Handler<{ after?: readonly string[] | null }>) =>
      deliver(context, (follow) => attendAllRooms(follow, args.after ?? [])),
  })
  chatEvents(
    @Root() event: GraphEvent,
    @Arg("after", () => [String], {
      nullable: true,
      description: "The newest position of each stream that the client holds; the others start now.",
    })
    _after: readonly string[] | null | undefined,
  ): GraphEvent {
    return event;
  }
}

/** A subscription's events, each with a context of its own. Ending it wakes a follower that is waiting, and lets it go. */
async function deliver(
  operation: GraphqlOperation,
  start: (follow: AttendContext) => Promise<AsyncGenerator<Delivery, void>>,
): Promise<AsyncIterableIterator<GraphEvent>> {
  const { actor, process } = operation;
  const ended = new AbortController();
  const deliveries = await start({
    actor,
    services: process.services,
    feed: process.feed,
    fork: () => process.database.fork(),
    signal: ended.signal,
    shared: operation.shared,
  });
  const stop = async (): Promise<void> => {
    ended.abort();
    await deliveries.return();
  };
  const events: AsyncIterableIterator<GraphEvent> = {
    async next() {
      for (;;) {
        const { done, value } = await deliveries.next();
        if (done === true) return { done: true, value: undefined };
        const event = await patiently(process.services.clock, ended.signal, () => {
          operation.renewFor(value);
          return toGraphEvent(value, operation.loaders);
        }).catch(async (error: unknown) => {
          await stop();
          throw error;
        });
        if (event !== undefined) return { done: false, value: event };
      }
    },
    async return() {
      await stop();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => events,
  };
  return events;
}
