/** A file on its way: read whole when it was chosen, so that nothing that happens to the original matters any more. */
export interface OutboxFile {
  readonly name: string;
  readonly contentType: string;
  readonly blob: Blob;
  /** Of a picture, in pixels, as it is shown; null for anything else. */
  readonly width: number | null;
  readonly height: number | null;
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
 * `waiting` is a message whose try did not reach the server, `slowed` one for which the server has said when to come
 * back. Both are tried again by themselves.
 */
export type OutboxState = "queued" | "sending" | "waiting" | "slowed" | "failed";

/** What only the tab that sends knows. */
export type LiveState = Extract<OutboxState, "sending" | "waiting" | "slowed">;

export interface OutboxEntry extends KeptEntry {
  readonly state: OutboxState;
}
