import type { UserId } from "../../platform/ids.js";
import type { Membership } from "./feed.node.js";
import type { Heard } from "./feed.pending.js";
import type { StreamId } from "./stream.js";

/** One way of showing events, made once for all who are shown them so: `feed.share.ts`. */
export interface View {
  /** As `Feed.join`: what happens is offered ready made, instead of waking anybody. */
  join(stream: StreamId, taker: Taker): Promise<Membership>;
}

/** Who takes events ready made, and how. */
export interface SharedReader {
  readonly viewerId: UserId;
  readonly view: View;
  /** Sends the bytes at once; false when they can't go now (too much is unsent): then the event comes by `next`. */
  readonly send: (bytes: Buffer) => boolean;
}

/** An event as it is offered to everybody who is shown it in one way. */
export interface Offer extends Heard {
  /** Whether this viewer is shown the event as everybody is. */
  readonly isFor: (viewerId: UserId) => boolean;
  /** What everybody is sent; undefined when it is nothing. */
  readonly bytes: Buffer | undefined;
}

/** Whom events are offered to, one after the other. */
export interface Taker {
  offer(offer: Offer): void;
  /** There is something that could not be offered. */
  moved(stream: StreamId): void;
}
