import { backoffMs } from "./backoff.js";
import { isOfOtherVersion } from "./document-ids.js";
import { describeError, isRetryable, toFailure } from "./errors.js";
import type { KeptEntry, Limits, LiveState, OutboxMessage } from "./outbox-entry.js";

/** How a send is watched and given up. */
export interface SendWatch {
  readonly signal: AbortSignal;
  /** How much of the file has left, from 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

export interface SenderOptions {
  /** Sends once; resolves when it is stored and in the cache, rejects with what went wrong. */
  readonly send: (message: OutboxMessage, watch: SendWatch) => Promise<void>;
  /** What this tab is to send, in order. */
  readonly entries: () => readonly KeptEntry[];
  readonly onStored: (clientMutationId: string) => void;
  readonly onRefused: (clientMutationId: string, reason: string) => void;
  readonly onStates: () => void;
  readonly onProgress: (clientMutationId: string, fraction: number | null) => void;
}

interface Flight {
  readonly clientMutationId: string;
  readonly controller: AbortController;
}

interface Pause {
  readonly timer: ReturnType<typeof setTimeout>;
  /** The server has said how long: that the connection is back does not end it. */
  readonly isAskedFor: boolean;
}

interface Tries {
  readonly count: number;
  readonly faults: number;
}

/** Sends what there is to send: per room in order and one at a time, under the same key until it succeeds or is refused. */
export class OutboxSender {
  readonly #options: SenderOptions;
  readonly #states = new Map<string, LiveState>();
  readonly #tries = new Map<string, Tries>();
  readonly #flights = new Map<string, Flight>();
  readonly #pauses = new Map<string, Pause>();
  readonly #limits = new Map<string, number>();
  #isStopped = false;
  #isOutdated = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** How each message that is being tried is getting on. */
  get states(): ReadonlyMap<string, LiveState> {
    return this.#states;
  }

  /** Which rooms' messages the server has put off, for as long as any of them wait. */
  get limits(): Limits {
    return this.#limits;
  }

  /**
   * Whether the server has refused what this page sends, because it is of another version: then nothing is tried, and no
   * file uploaded once more, before the connection has been away.
   */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  /** Looks at what there is: begins what can begin, and gives up what is not wanted any more. */
  pump(): void {
    const entries = this.#options.entries();
    const keys = new Set(entries.map((entry) => entry.clientMutationId));
    for (const { clientMutationId, controller } of this.#flights.values())
      if (!keys.has(clientMutationId)) controller.abort();
    for (const key of this.#states.keys()) if (!keys.has(key)) this.#states.delete(key);
    this.#forgetLimits(entries);
    for (const roomId of new Set(entries.map((entry) => entry.roomId))) this.#pumpRoom(roomId, entries);
  }

  /** Tries everything now that waits for the connection: it is back. What the server has put off stays so. */
  resume(): void {
    this.#isOutdated = false;
    this.#endPauses((pause) => !pause.isAskedFor);
    this.pump();
  }

  /** Lets a message that is tried afresh be as patient as a new one. */
  forgetTries(clientMutationId: string): void {
    this.#tries.delete(clientMutationId);
  }

  /** Begins nothing any more; what is on its way may still arrive. */
  stop(): void {
    this.#isStopped = true;
    this.#endPauses(() => true);
  }

  #endPauses(isOver: (pause: Pause) => boolean): void {
    for (const [roomId, pause] of this.#pauses) {
      if (!isOver(pause)) continue;
      clearTimeout(pause.timer);
      this.#pauses.delete(roomId);
    }
  }

  #pumpRoom(roomId: string, entries: readonly KeptEntry[]): void {
    if (this.#isStopped || this.#isOutdated || this.#pauses.has(roomId) || this.#flights.has(roomId)) return;
    const next = entries.find((entry) => entry.roomId === roomId && entry.reason === null);
    if (next) void this.#send(next);
  }

  async #send({ isKept: _isKept, reason: _reason, ...message }: KeptEntry): Promise<void> {
    const { clientMutationId, roomId } = message;
    const { onStored, onProgress } = this.#options;
    const controller = new AbortController();
    this.#flights.set(roomId, { clientMutationId, controller });
    // How much had left in the try before this one says nothing of it.
    if (message.file) onProgress(clientMutationId, 0);
    this.#report(clientMutationId, "sending");
    try {
      await this.#options.send(message, {
        signal: controller.signal,
        onProgress: (fraction) => onProgress(clientMutationId, fraction),
      });
      this.#flights.delete(roomId);
      onStored(clientMutationId);
      this.#forget(clientMutationId);
    } catch (error) {
      this.#flights.delete(roomId);
      if (controller.signal.aborted) this.#forget(clientMutationId);
      else if (isOfOtherVersion(error)) this.#hold();
      else this.#failed(message, error);
    }
    this.pump();
  }

  #failed({ clientMutationId, roomId }: OutboxMessage, error: unknown): void {
    const failure = toFailure(error);
    const isFault = failure.code === "INTERNAL_SERVER_ERROR";
    const { count, faults: before } = this.#tries.get(clientMutationId) ?? { count: 0, faults: 0 };
    const faults = before + (isFault ? 1 : 0);
    this.#tries.set(clientMutationId, { count: count + 1, faults });
    // A fault of the server is tried once more; the session's end is waited out like a lost connection.
    const isTransient = isRetryable(failure.code) || failure.code === "UNAUTHENTICATED" || (isFault && faults === 1);
    if (!isTransient) {
      this.#forget(clientMutationId);
      return this.#options.onRefused(clientMutationId, describeError(error));
    }
    const { retryAfterMs } = failure;
    const isAskedFor = retryAfterMs !== null;
    const isLimited = failure.code === "RATE_LIMITED";
    const pauseMs = backoffMs(count, retryAfterMs ?? undefined);
    if (isLimited) this.#limits.set(roomId, Date.now() + pauseMs);
    else this.#limits.delete(roomId);
    this.#report(clientMutationId, isLimited ? "limited" : isAskedFor ? "slowed" : "waiting");
    if (this.#isStopped) return;
    const wake = (): void => {
      this.#pauses.delete(roomId);
      this.pump();
    };
    this.#pauses.set(roomId, { timer: setTimeout(wake, pauseMs), isAskedFor });
  }

  /** Tries nothing more, and leaves it to a tab that was loaded later, if there is one. */
  #hold(): void {
    this.#isOutdated = true;
    this.#endPauses(() => true);
    this.#limits.clear();
    const flying = new Set([...this.#flights.values()].map((flight) => flight.clientMutationId));
    for (const key of this.#states.keys()) if (!flying.has(key)) this.#forget(key);
    this.#options.onStates();
  }

  /** Not with the first that is sent: what comes after it most likely has to wait as well. */
  #forgetLimits(entries: readonly KeptEntry[]): void {
    const waiting = new Set(entries.filter(({ reason }) => reason === null).map(({ roomId }) => roomId));
    const over = [...this.#limits.keys()].filter((roomId) => !waiting.has(roomId));
    for (const roomId of over) this.#limits.delete(roomId);
    if (over.length > 0) this.#options.onStates();
  }

  #report(clientMutationId: string, state: LiveState): void {
    this.#states.set(clientMutationId, state);
    this.#options.onStates();
  }

  #forget(clientMutationId: string): void {
    this.#tries.delete(clientMutationId);
    this.#states.delete(clientMutationId);
    this.#options.onProgress(clientMutationId, null);
    this.#options.onStates();
  }
}
