import { backoffMs } from "./backoff.js";
import { describeError, isRetryable, toFailure } from "./errors.js";
import { createStore, type Store } from "./store.js";
import { randomUuid } from "./uuid.js";

/** What one wants to say, before it is known to be stored. */
export interface OutboxMessage {
  /** A UUID of this send; a retry under it can never store the message twice. */
  readonly clientMutationId: string;
  readonly roomId: string;
  readonly content: string;
  /** ISO time of pressing Enter. */
  readonly createdAt: string;
}

/** `waiting` is a message whose try did not reach the server; it is tried again by itself. */
export type OutboxState = "queued" | "sending" | "waiting" | "failed";

export interface OutboxEntry extends OutboxMessage {
  readonly state: OutboxState;
  /** Why it failed, in words; only when `failed`. */
  readonly reason: string | null;
}

/** Where entries outlive the outbox. The one place to change for keeping them across reloads. */
export interface OutboxStorage {
  readonly load: (userId: string) => readonly OutboxEntry[];
  readonly save: (userId: string, entries: readonly OutboxEntry[]) => void;
}

/** Keeps entries while the page lives: a session that ends and begins again finds them. */
export function createMemoryStorage(): OutboxStorage {
  const entriesByUser = new Map<string, readonly OutboxEntry[]>();
  return {
    load: (userId) => entriesByUser.get(userId) ?? [],
    save: (userId, entries) => void entriesByUser.set(userId, entries),
  };
}

export interface OutboxOptions {
  readonly userId: string;
  readonly storage: OutboxStorage;
  /** Sends once; resolves when it is stored and in the cache, rejects with what went wrong. */
  readonly send: (message: OutboxMessage) => Promise<void>;
  readonly newId?: () => string;
  readonly now?: () => Date;
}

/**
 * What was written and is not known to be stored. Per room in order and one at a time, under the same key
 * until it succeeds or is refused; a refused one steps aside and waits for its author.
 */
export class Outbox {
  readonly entries: Store<readonly OutboxEntry[]>;
  readonly #options: OutboxOptions;
  readonly #attempts = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #isStopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    const kept = options.storage.load(options.userId);
    this.entries = createStore<readonly OutboxEntry[]>(
      kept.map((entry) => (entry.state === "failed" ? entry : { ...entry, state: "queued" })),
    );
  }

  /** Takes a message and sends it when its turn comes. */
  add(roomId: string, content: string): OutboxEntry {
    const { newId = randomUuid, now = () => new Date() } = this.#options;
    const entry: OutboxEntry = {
      clientMutationId: newId(),
      roomId,
      content,
      createdAt: now().toISOString(),
      state: "queued",
      reason: null,
    };
    this.#write([...this.entries.get(), entry]);
    this.#pump(roomId);
    return entry;
  }

  /** Tries a refused message again, at the end of its room's queue. */
  retry(clientMutationId: string): void {
    const entry = this.#find(clientMutationId);
    if (entry?.state !== "failed") return;
    const others = this.entries.get().filter((each) => each !== entry);
    this.#forgetTries(clientMutationId);
    this.#write([...others, { ...entry, state: "queued", reason: null }]);
    this.#pump(entry.roomId);
  }

  /** Forgets a refused message. One that may be stored already can't be taken back. */
  discard(clientMutationId: string): void {
    if (this.#find(clientMutationId)?.state === "failed") this.#remove(clientMutationId);
  }

  /** Tries everything that waits now: the connection is back. */
  resume(): void {
    this.#isStopped = false;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    for (const roomId of new Set(this.entries.get().map((entry) => entry.roomId))) this.#pump(roomId);
  }

  /** Stops trying; entries stay where the storage keeps them. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #pump(roomId: string): void {
    if (this.#isStopped || this.#timers.has(roomId)) return;
    const next = this.entries.get().find((entry) => entry.roomId === roomId && entry.state !== "failed");
    if (next && next.state !== "sending") void this.#send(next);
  }

  async #send(entry: OutboxEntry): Promise<void> {
    this.#update(entry.clientMutationId, { state: "sending" });
    const { clientMutationId, roomId, content, createdAt } = entry;
    try {
      await this.#options.send({ clientMutationId, roomId, content, createdAt });
      this.#forgetTries(clientMutationId);
      this.#remove(clientMutationId);
    } catch (error) {
      this.#refused(entry, error);
    }
    this.#pump(roomId);
  }

  #refused(entry: OutboxEntry, error: unknown): void {
    const { clientMutationId, roomId } = entry;
    const failure = toFailure(error);
    const attempt = this.#attempts.get(clientMutationId) ?? 0;
    this.#attempts.set(clientMutationId, attempt + 1);
    const isFault = failure.code === "INTERNAL_SERVER_ERROR";
    const faults = (this.#faults.get(clientMutationId) ?? 0) + (isFault ? 1 : 0);
    this.#faults.set(clientMutationId, faults);
    // A fault of the server is tried once more; the session's end is waited out like a lost connection.
    const isTransient = isRetryable(failure.code) || failure.code === "UNAUTHENTICATED" || (isFault && faults === 1);
    if (!isTransient) return this.#update(clientMutationId, { state: "failed", reason: describeError(error) });
    this.#update(clientMutationId, { state: "waiting" });
    if (this.#isStopped) return;
    const waitMs = failure.retryAfterMs ?? backoffMs(attempt);
    const wake = (): void => {
      this.#timers.delete(roomId);
      this.#pump(roomId);
    };
    this.#timers.set(roomId, setTimeout(wake, waitMs));
  }

  #forgetTries(clientMutationId: string): void {
    this.#attempts.delete(clientMutationId);
    this.#faults.delete(clientMutationId);
  }

  #find(clientMutationId: string): OutboxEntry | undefined {
    return this.entries.get().find((entry) => entry.clientMutationId === clientMutationId);
  }

  #update(clientMutationId: string, change: Partial<OutboxEntry>): void {
    const entries = this.entries.get();
    this.#write(
      entries.map((entry) => (entry.clientMutationId === clientMutationId ? { ...entry, ...change } : entry)),
    );
  }

  #remove(clientMutationId: string): void {
    this.#write(this.entries.get().filter((entry) => entry.clientMutationId !== clientMutationId));
  }

  #write(entries: readonly OutboxEntry[]): void {
    this.entries.set(entries);
    // A later outbox may have taken over; what this one did not save is sent again under the same key.
    if (!this.#isStopped) this.#options.storage.save(this.#options.userId, entries);
  }
}
