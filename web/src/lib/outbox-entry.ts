/** A file on its way: read whole when it was chosen, so that nothing that happens to the original matters any more. */
export interface OutboxFile {
  readonly name: string;
  readonly contentType: string;
  readonly blob: Blob;
  /** Of a picture, in pixels, as it is shown; null for anything else. */
  readonly width: number | null;
  readonly height: number | null;
}

/** A file to send, and the key of its message where that is known before. */
export interface AttachedFile {
  readonly file: OutboxFile;
  readonly clientMutationId?: string;
}

/** What one wants to say, before it is known to be stored. */
export interface OutboxMessage {
  /** A UUID of this send; a retry under it can never store the message twice. */
  readonly clientMutationId: string;
  readonly roomId: string;
  readonly content: string;
  readonly file: OutboxFile | null;
  /** ISO time of pressing Enter. */
  readonly createdAt: string;
}

/** A message as it waits. */
export interface KeptEntry extends OutboxMessage {
  /** Why it was refused, in words; null while it has not been. */
  readonly reason: string | null;
  /** Whether it outlives the page. */
  readonly isKept: boolean;
}

/**
 * `keeping` is a message that is not in the storage yet. `waiting` is one whose try did
 * not reach the server, `slowed` one for which the server has said when to come back, `limited` one that it has put off
 * because its author sends too much at once. All are tried again by themselves. `outdated` is one that a page of this
 * version can't send: it is sent by the next one.
 */
export type OutboxState = "keeping" | "queued" | "sending" | "waiting" | "slowed" | "limited" | "outdated" | "failed";

/** What only the tab that sends knows. */
export type LiveState = Extract<OutboxState, "sending" | "waiting" | "slowed" | "limited">;

/** Until when the server has put off what is for a room, because too much was sent at once: ms since 1970, by room. */
export type Limits = ReadonlyMap<string, number>;

export interface OutboxEntry extends KeptEntry {
  readonly state: OutboxState;
}
