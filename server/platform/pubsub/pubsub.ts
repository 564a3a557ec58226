/**
 * Tells the other nodes that something happened. Nothing depends on a message arriving: the log is the truth, and a
 * node that missed one finds it there. Messages of one topic published by one node arrive in order, or not at all.
 */
export interface PubSub {
  /** True when it reaches other nodes, false when this process is all there is. */
  readonly reachesOtherNodes: boolean;
  /** Resolves when the message is on its way; rejects when it surely is not. */
  publish(topic: string, message: string): Promise<void>;
  /** Resolves once messages published from then on will be heard; the answer ends it. */
  subscribe(topic: string, onMessage: (message: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
