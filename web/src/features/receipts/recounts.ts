import { backoffMs } from "../../lib/backoff.js";

/** Asks for counts that only the server knows: once for a burst of reasons, and again for a reason that came meanwhile. */
export class Recounts {
  /** Answers whether it was heard, or there is no sense in asking again. */
  readonly #ask: (roomId: string) => Promise<boolean>;
  /** The rooms that are being asked about, and whether a reason has come since. */
  readonly #asked = new Map<string, boolean>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #isStopped = false;

  constructor(ask: (roomId: string) => Promise<boolean>) {
    this.#ask = ask;
  }

  /** The counts of this room are not known any more. */
  want(roomId: string): void {
    if (this.#asked.has(roomId)) this.#asked.set(roomId, true);
    else void this.#askFor(roomId, 0);
  }

  /** Asks no more. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #askFor(roomId: string, attempt: number): Promise<void> {
    this.#asked.set(roomId, false);
    const isHeard = await this.#ask(roomId);
    if (this.#isStopped) return;
    if (!isHeard) return this.#askLater(roomId, attempt);
    const isWantedAgain = this.#asked.get(roomId) === true;
    this.#asked.delete(roomId);
    // Its answer may be older than what asked for it again.
    if (isWantedAgain) await this.#askFor(roomId, 0);
  }

  #askLater(roomId: string, attempt: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#askFor(roomId, attempt + 1);
    }, backoffMs(attempt));
    this.#timers.add(timer);
  }
}
