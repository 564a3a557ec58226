import { DomainError } from "./errors.js";
import type { Clock } from "./time.js";

const AGAIN_AFTER_MS = 1_000;

/** Until when an operation is worked for. What it has begun to change is finished, however long that takes. */
export class Deadline {
  private endMs: number;
  /** How those that still wait are told that time is up. */
  private readonly waiting = new Set<(reason: DomainError) => void>();
  private cancel = (): void => {};

  /** Begins now. */
  constructor(
    private readonly clock: Clock,
    private readonly limitMs: number,
  ) {
    this.endMs = this.anew();
  }

  /** @throws DomainError UNAVAILABLE when time is up: nothing is begun then */
  require(): void {
    if (this.leftMs <= 0) throw this.timeIsUp();
  }

  /** Waits for what has begun, until time is up. @throws DomainError UNAVAILABLE, and whatever the work throws */
  wait<Result>(work: Promise<Result>): Promise<Result> {
    if (this.endMs === Infinity) return work;
    return new Promise((resolve, reject) => {
      if (this.leftMs <= 0) reject(this.timeIsUp());
      else if (this.waiting.size === 0) this.cancel = this.clock.after(this.leftMs, () => this.end());
      this.waiting.add(reject);
      work.then(
        (result) => this.leave(reject, () => resolve(result)),
        (error: unknown) => this.leave(reject, () => reject(error)),
      );
    });
  }

  /**
   * Begins a change unless time is up, and lets it take as long as it takes: cut off in its middle, nobody would know
   * whether it was made. Afterwards time begins anew.
   */
  async finish<Result>(change: () => Promise<Result>): Promise<Result> {
    this.require();
    this.endMs = Infinity;
    // Of what was asked for before, nobody waits any more.
    this.cancel();
    this.waiting.clear();
    try {
      return await change();
    } finally {
      this.endMs = this.anew();
    }
  }

  private get leftMs(): number {
    return this.endMs - this.clock.elapsedMs();
  }

  private anew(): number {
    return this.clock.elapsedMs() + this.limitMs;
  }

  private leave(reject: (reason: DomainError) => void, settle: () => void): void {
    this.waiting.delete(reject);
    if (this.waiting.size === 0) this.cancel();
    settle();
  }

  private end(): void {
    for (const reject of this.waiting) reject(this.timeIsUp());
    this.waiting.clear();
  }

  private timeIsUp(): DomainError {
    const seconds = this.limitMs / 1_000;
    return new DomainError(
      "UNAVAILABLE",
      `This took longer than ${seconds} seconds, and was ended. Ask for less at once, or try again in a moment.`,
      { retryAfterMs: AGAIN_AFTER_MS },
    );
  }
}
