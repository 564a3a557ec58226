/**
 * Tells the other nodes that something happened. Nothing depends on a message arriving: the log is the truth, and a
 * node that missed one finds it there. Messages of one topic published by one node arrive in order, or not at all.
 */
export interface PubSub {
  /** True when it reaches other nodes, false when this process is all there is. */
  readonly reachesOtherNodes: boolean;
  /** Whether it works just now. While it does not, what is published fails at once, and nothing is heard. */
  readonly isConnected: boolean;
  /** Calls back each time it works again, when everything subscribed to is heard again. The answer ends it. */
  onReturn(callback: () => void): () => void;
  /** Resolves when the message is on its way; rejects, soon, when it may not be. */
  publish(topic: string, message: string): Promise<void>;
  /**
   * Resolves once messages published from then on will be heard; while the broker is away at once, and they are heard
   * when it is back. The answer ends it.
   */
  subscribe(topic: string, onMessage: (message: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
