import type { Offer, Taker, View } from "./feed.offer.js";
import type { Hub, Member } from "./feed.hub.js";
import type { Feed, Membership } from "./feed.node.js";
import { Pending, type Heard } from "./feed.pending.js";
import type { EphemeralMessage } from "./feed.actions.js";
import { differsFor, type Delivery } from "./room-event.js";
import type { StreamId } from "./stream.js";

/** Makes what is sent of an event to all who are shown it in one way; undefined when it is nothing. */
export type Make = (delivery: Delivery) => Promise<Buffer | undefined>;

/**
 * A way of showing events of rooms that is the same for many people: each event is made once, and its bytes are offered
 * to everybody. Who can't take them reads on by themselves: who lags, is replaying, or is one of those for whom this event
 * is not what it is for the others; and all of them, when it can't be made.
 */
export function createView(feed: Feed, make: Make): View {
  const groups = new Map<StreamId, Group>();
  return {
    async join(stream, taker) {
      const group = groups.get(stream) ?? new Group(feed, stream, make);
      groups.set(stream, group);
      group.takers.add(taker);
      const leave = (): void => {
        group.takers.delete(taker);
        if (group.takers.size > 0) return;
        if (groups.get(stream) === group) groups.delete(stream);
        group.end();
      };
      try {
        return { hub: await group.hub, leave };
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}

/** Those who are shown one stream in one way. It reads the stream once for them all, and in their order. */
class Group implements Member {
  readonly takers = new Set<Taker>();
  readonly hub: Promise<Hub>;
  private readonly membership: Promise<Membership>;
  private readonly heardOnly = new Pending();
  private at: { readonly hub: Hub; epoch: string; seq: number } | undefined;
  private isRunning = false;

  constructor(
    feed: Feed,
    private readonly stream: StreamId,
    private readonly make: Make,
  ) {
    this.membership = feed.join(stream, this);
    this.hub = this.membership.then(({ hub }) => {
      this.at = { hub, epoch: hub.epoch, seq: hub.head };
      return hub;
    });
  }

  moved(): void {
    void this.run();
  }

  heard({ stream, key, event, snapshots }: EphemeralMessage, epoch: string): void {
    this.heardOnly.put({ key, delivery: { stream, epoch, seq: null, event, snapshots } });
    void this.run();
  }

  end(): void {
    this.membership.then(
      ({ leave }) => leave(),
      () => {},
    );
  }

  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    for (let next = this.next(); next !== undefined; next = this.next()) {
      if (next === "gap") for (const taker of this.takers) taker.moved(this.stream);
      else this.offer(await this.offerOf(next));
    }
    // At once after the last look: what comes next begins anew.
    this.isRunning = false;
  }

  /** The loop is a function of its own: one that has waited for something starts anew, uncompiled, each time. */
  private offer(offer: Offer): void {
    for (const taker of this.takers) {
      try {
        taker.offer(offer);
      } catch {
        // One that fails reads by itself, and hears why. The others are offered it all the same.
        taker.moved(this.stream);
      }
    }
  }

  /** What may be lost comes after what may not, as in `Follower.next`. What is not in memory everybody reads alone. */
  private next(): Heard | "gap" | undefined {
    const { at } = this;
    if (at === undefined) return undefined;
    const { hub } = at;
    if (hub.epoch === at.epoch && hub.head <= at.seq) return this.heardOnly.take();
    const delivery = hub.epoch === at.epoch ? hub.recent(at.seq + 1) : undefined;
    at.seq = delivery?.seq ?? hub.head;
    at.epoch = hub.epoch;
    return delivery === undefined ? "gap" : { key: "", delivery };
  }

  private async offerOf({ key, delivery }: Heard): Promise<Offer> {
    try {
      const others = differsFor(delivery);
      if (others === "everybody") return { key, delivery, isFor: () => false, bytes: undefined };
      return { key, delivery, isFor: (viewerId) => !others.includes(viewerId), bytes: await this.make(delivery) };
    } catch {
      // Each tries by themselves, and hears what stands in the way.
      return { key, delivery, isFor: () => false, bytes: undefined };
    }
  }
}
