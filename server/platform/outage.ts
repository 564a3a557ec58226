import { DomainError, isDatabaseAway } from "./errors.js";
import type { Logger } from "./logger.js";
import type { Clock } from "./time.js";

/** How often an outage that lasts is said again. */
const SAY_AGAIN_MS = 60_000;

export interface OutageParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What is said at its beginning, and while it lasts. */
  readonly away: string;
  /** What is said at its end. */
  readonly back: string;
}

/**
 * Something that a node needs is away. That is said when it begins, once a minute while it lasts, and when it ends: not by
 * everybody who meets it, who may be thousands.
 */
export class Outage {
  private sinceMs: number | undefined;
  private cancel = (): void => {};

  constructor(private readonly parts: OutageParts) {}

  /** It is away, for this reason; one that lasts already goes on. */
  begin(reason: string): void {
    if (this.sinceMs !== undefined) return;
    this.sinceMs = this.nowMs;
    this.say({ reason });
  }

  /** It is there. */
  end(): void {
    const { sinceMs } = this;
    if (sinceMs === undefined) return;
    this.forget();
    this.parts.logger.info({ afterMs: this.nowMs - sinceMs }, this.parts.back);
  }

  /** Nobody needs it any more. */
  forget(): void {
    this.sinceMs = undefined;
    this.cancel();
  }

  private get nowMs(): number {
    return this.parts.clock.now().getTime();
  }

  private say(fields: { readonly reason: string; readonly forMs?: number }): void {
    const { clock, logger, away } = this.parts;
    logger.warn(fields, away);
    this.cancel = clock.after(SAY_AGAIN_MS, () =>
      this.say({ ...fields, forMs: this.nowMs - (this.sinceMs ?? this.nowMs) }),
    );
  }
}

/**
 * Says that something failed which nobody waits for and which harms nobody. If that is because the database is away, it
 * is for who looks closely only: the outage is told once for all (`watchDatabase`).
 */
export function warnOf(logger: Logger, error: unknown, words: string, fields: Readonly<Record<string, unknown>> = {}) {
  // A statement that takes too long, or a lock that is not to be had, is told of by nobody else.
  const isOutage = error instanceof DomainError ? error.code === "UNAVAILABLE" : isDatabaseAway(error);
  logger[isOutage ? "debug" : "warn"]({ err: error, ...fields }, words);
}
