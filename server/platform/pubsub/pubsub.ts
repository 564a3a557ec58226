/** Hears one message, as it was published. */
export type OnMessage = (message: string) => unknown;

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
   * when it is back. What goes wrong in the listener is logged, and harms neither the others nor what it hears next.
   * The answer ends it.
   */
  subscribe(topic: string, onMessage: OnMessage): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
