import type { UserId } from "../platform/ids.js";
import type { Feed } from "../features/feed/feed.node.js";

/** Somebody's client in a random run: it comes and goes, and reads when it likes. */
export interface RunClient {
  readonly viewerId: UserId;
  readonly isConnected: boolean;
  /** Why it follows no more, if it is no reason that was to be expected. */
  readonly failure: unknown;
  /** Whether it has everything that is committed by now, as far as it is connected and reads. */
  hasAll(): Promise<boolean>;
  /**
   * Follows from where it was left.
   * @throws DomainError NOT_FOUND: there is nothing for it to follow
   */
  connect(feed: Feed): Promise<void>;
  disconnect(): Promise<void>;
  /** Stops reading, with the connection open. */
  pause(): void;
  unpause(): void;
}

/** What holds a reader up until it is opened. */
export class Gate {
  private waiting: { readonly open: () => void; readonly opened: Promise<void> } | undefined;

  get isShut(): boolean {
    return this.waiting !== undefined;
  }

  /** Resolves at once while it is open, else when it is opened. */
  get opened(): Promise<void> | undefined {
    return this.waiting?.opened;
  }

  shut(): void {
    if (this.waiting !== undefined) return;
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    this.waiting = { open, opened };
  }

  open(): void {
    this.waiting?.open();
    this.waiting = undefined;
  }
}
