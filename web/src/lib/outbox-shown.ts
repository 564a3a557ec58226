import type { KeptEntry, OutboxEntry, OutboxState } from "./outbox-entry.js";
import { createStore, type Store } from "./store.js";

/**
 * One that is stored stays on the screen until the message is: the feed shows the two as one, and hears of the message a
 * moment later than of this.
 */
const LINGER_MS = 1_000;

/** How much of each file has left, by its message's key. */
export type Progress = ReadonlyMap<string, number>;

/**
 * Whether a message can be taken back: one that was refused, or one with a file, but for the time in which all of that has
 * left and the answer is on its way. Where a try has failed after that, it may be stored nevertheless: then taking it back
 * ends the tries, and it comes as any message does, to be deleted as such.
 */
export function canDiscard({ state, file, clientMutationId }: OutboxEntry, progress: Progress): boolean {
  if (state === "failed") return true;
  return file !== null && (state !== "sending" || (progress.get(clientMutationId) ?? 0) < 1);
}

/** What the screen shows of the outbox. What has not changed stays the same object, so that nothing is drawn twice. */
export class ShownOutbox {
  readonly entries: Store<readonly OutboxEntry[]> = createStore<readonly OutboxEntry[]>([]);
  readonly progress: Store<Progress> = createStore<Progress>(new Map());
  /** Stored, and shown a moment longer. */
  #lingering: readonly OutboxEntry[] = [];
  #waiting: readonly OutboxEntry[] = [];

  /** Shows what waits, in order, each as `stateOf` says that it is getting on. */
  show(waiting: readonly KeptEntry[], stateOf: (entry: KeptEntry) => OutboxState): void {
    const shown = new Map(this.entries.get().map((entry) => [entry.clientMutationId, entry]));
    this.#waiting = waiting.map((entry) => {
      const state = stateOf(entry);
      const same = shown.get(entry.clientMutationId);
      const isSame = same?.state === state && same.reason === entry.reason && same.isKept === entry.isKept;
      return isSame ? same : { ...entry, state };
    });
    this.#draw();
  }

  /** Lets those of what is shown stay a moment though they wait no more: they are stored, or most likely are. */
  linger(isStored: (entry: OutboxEntry) => boolean): void {
    const stored = this.entries.get().filter((entry) => !this.#lingering.includes(entry) && isStored(entry));
    if (stored.length === 0) return;
    this.#lingering = [...this.#lingering, ...stored];
    setTimeout(() => {
      this.#lingering = this.#lingering.filter((entry) => !stored.includes(entry));
      this.#draw();
    }, LINGER_MS);
  }

  /** Notes how much of a message's file has left, from 0 to 1; null when it is not on its way any more. */
  setProgress(key: string, fraction: number | null): void {
    const next = new Map(this.progress.get());
    if (fraction === null) next.delete(key);
    else next.set(key, fraction);
    this.progress.set(next);
  }

  #draw(): void {
    const lingering = new Set(this.#lingering.map((entry) => entry.clientMutationId));
    const waiting = this.#waiting.filter((entry) => !lingering.has(entry.clientMutationId));
    this.entries.set([...this.#lingering, ...waiting]);
  }
}
