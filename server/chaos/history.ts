/** What a run leaves behind to be judged: plain data, whoever wrote it down. Times in ms, all of one machine's clock. */

export type Transport = "graphql-http" | "graphql-ws" | "rest" | "raw";

/** What became of everything that was tried under one key. */
export interface Sent {
  readonly key: string;
  readonly user: number;
  readonly room: number;
  readonly transport: Transport;
  /**
   * `ok`: it was acknowledged. `refused`: the first answer was a refusal, so that nothing can have been stored.
   * `unknown`: its sender gave up without an answer, or was refused after a try without one.
   */
  readonly outcome: "ok" | "refused" | "unknown";
  /** Just before the first try. */
  readonly invokedMs: number;
  /** Just after the first acknowledgement. */
  readonly okMs?: number;
  /** The message's id, once for each acknowledgement. */
  readonly messageIds: readonly number[];
  readonly tries: number;
  /** The last thing that went wrong. */
  readonly trouble?: string;
}

/** One durable event, as the log has it and as a follower saw it. */
export interface Happened {
  readonly seq: number;
  /** Which event this is, e.g. `message_sent 12`: the same words whoever tells of it. */
  readonly what: string;
  /** Of a sent message that is still there, what it says: its key. */
  readonly key?: string;
  /** In the log: the time that it bears. At a follower: when it came. */
  readonly atMs: number;
}

/** A stream is a room's (`r12`) or a person's own (`u5`). */
export interface Log {
  readonly stream: string;
  readonly entries: readonly Happened[];
}

/** What somebody got of one stream, from where they began to follow it, over as many connections as it took. */
export interface Span {
  readonly stream: string;
  /** The seq after which it began. */
  readonly start: number;
  readonly events: readonly Happened[];
  /** It goes on to the end of the log, or the server has ended it because its follower was removed. */
  readonly ended: "open" | "removed";
}

export interface Followed {
  /** e.g. `chatEvents of 17`. */
  readonly name: string;
  readonly user: number;
  readonly spans: readonly Span[];
  /** What no run may bring: a point that could not be resumed, a fault of the server's. */
  readonly faults: readonly string[];
}

export interface History {
  /** What no run may bring to a sender: a fault of the server's. */
  readonly faults: readonly string[];
  readonly sent: readonly Sent[];
  readonly logs: readonly Log[];
  readonly followed: readonly Followed[];
}
