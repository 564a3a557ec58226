import { pino } from "pino";
import type { Scope } from "../platform/scope.js";
import type { User } from "../features/directory/directory.js";
import { createFeed, type Feed } from "../features/feed/feed.node.js";
import { snapshotsOf } from "../features/messages/message.queries.js";
import type { RoomId } from "../features/rooms/room.js";
import { createLossyPubSub, type LossyPubSub } from "./lossy-pubsub.js";
import { RecordingClient } from "./recording-client.js";
import type { World } from "./world.js";

/** What the driver says when the database goes away in the middle of something. */
export const connectionLost = (): Error =>
  Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" });

/** A node of its own on a world's database, whose broker and database can be made to misbehave. */
export class TestNode {
  feed: Feed;
  /** Set: asking the database fails like this. */
  away: Error | undefined;
  /** How often the feed has asked the database. */
  asked = 0;
  private readonly clients: RecordingClient[] = [];

  constructor(
    private readonly world: World,
    readonly pubsub: LossyPubSub = createLossyPubSub(7),
  ) {
    this.feed = this.open();
  }

  /** What a verb gets that is called on this node. */
  as(user: User): Scope {
    return { ...this.world.as(user), services: { ...this.world.services, pubsub: this.pubsub } };
  }

  /** Somebody who follows all their rooms, or one. */
  async client(user: User, roomId?: RoomId): Promise<RecordingClient> {
    const client = new RecordingClient(this.world, user.id, roomId);
    this.clients.push(client);
    await client.connect(this.feed);
    return client;
  }

  /** Dies, and starts again with nothing in memory. Its clients must come again. */
  async restart(): Promise<void> {
    await this.feed.close();
    this.feed = this.open();
  }

  async close(): Promise<void> {
    for (const client of this.clients) await client.disconnect();
    await this.feed.close();
  }

  private open(): Feed {
    const { database, clock } = this.world;
    const fork = (): ReturnType<typeof database.fork> => {
      this.asked += 1;
      if (this.away !== undefined) throw this.away;
      return database.fork();
    };
    return createFeed({ fork, pubsub: this.pubsub, clock, logger: pino({ level: "silent" }), snapshots: snapshotsOf });
  }
}
