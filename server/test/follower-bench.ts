import { jsonb, query, sql } from "../platform/sql.js";
import type { User } from "../features/directory/directory.js";
import { Follower } from "../features/feed/feed.follow.js";
import type { SharedReader } from "../features/feed/feed.offer.js";
import { headOf } from "../features/feed/feed.queries.js";
import type { Delivery } from "../features/feed/room-event.js";
import { roomStream, type Position, type StreamId } from "../features/feed/stream.js";
import { sendMessage } from "../features/messages/message.actions.js";
import type { Room } from "../features/rooms/room.js";
import { TestNode } from "./test-node.js";
import { until } from "./until.js";
import type { World } from "./world.js";

/** What the tests of followers do again and again. */
export class FollowerBench {
  readonly node: TestNode;
  private readonly controllers: AbortController[] = [];

  constructor(
    private readonly world: World,
    private readonly ada: User,
  ) {
    this.node = new TestNode(world);
  }

  /** The beginning of a room's stream. */
  async start({ id }: Room): Promise<Position> {
    const head = await headOf(this.world.database.fork(), roomStream(id));
    if (head === undefined) throw new Error("There is no such stream.");
    return head;
  }

  follow(...positions: readonly Position[]): Promise<Follower> {
    return this.followShared(undefined, ...positions);
  }

  /** As `follow`; the reader takes what is made for all. */
  async followShared(reader: SharedReader | undefined, ...positions: readonly Position[]): Promise<Follower> {
    const controller = new AbortController();
    this.controllers.push(controller);
    const follower = new Follower(this.node.feed, controller.signal, reader);
    for (const position of positions) await follower.add(position);
    return follower;
  }

  async send({ id }: Room, count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) await sendMessage(this.node.as(this.ada), { roomId: id, content: "hello" });
  }

  /** Many entries at once, of which nobody is told. */
  async append({ id }: Room, count: number): Promise<void> {
    const stream = roomStream(id);
    await query(
      this.world.database.fork(),
      sql`select count(*) from generate_series(1, ${count}) n,
          lateral feed_append_v1(${stream}, case when n > 0 then 'room_deleted' end, null, ${jsonb({ roomId: id })})`,
    );
  }

  /** Everybody goes; nothing may stay behind of them. */
  async close(): Promise<void> {
    for (const controller of this.controllers) controller.abort();
    await this.allGone();
    await this.node.close();
  }

  async allGone(): Promise<void> {
    await until(() => this.node.pubsub.subscriptions === 0, "all subscriptions to end");
  }
}

/** The next events; fewer when the follower is closed. */
export async function take(follower: Follower, count: number): Promise<readonly Delivery[]> {
  const taken: Delivery[] = [];
  while (taken.length < count) {
    const delivery = await follower.next();
    if (delivery === undefined) break;
    taken.push(delivery);
  }
  return taken;
}

export function seqsOf(deliveries: readonly Delivery[], stream?: StreamId): readonly (number | null)[] {
  return deliveries.filter((delivery) => stream === undefined || delivery.stream === stream).map(({ seq }) => seq);
}

/** 1, 2, 3 ... */
export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => 1 + index);
}
