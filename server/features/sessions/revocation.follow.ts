import type { SqlEntityManager } from "@mikro-orm/sql";
import type { Logger } from "pino";
import { warnOf } from "../../platform/outage.js";
import { repeat } from "../../platform/repeat.js";
import type { Services } from "../../platform/scope.js";
import { removeExpiredRevocations } from "./revocation.actions.js";
import { revocationsSince } from "./revocation.queries.js";
import { REVOCATIONS_TOPIC } from "./revocation.js";

/** For what the broker did not bring, and where there is none: with all that comes after it, well within 5 seconds. */
const LOOK_EVERY_MS = 2_000;
const SWEEP_EVERY_MS = 10 * 60_000;

export interface RevocationsParts {
  /** A fresh entity manager for one statement. */
  readonly fork: () => SqlEntityManager;
  readonly services: Pick<Services, "pubsub" | "clock" | "logger" | "revokedTokens">;
  /** Other nodes may write into the same table: the embedded database has none. */
  readonly isShared: boolean;
}

/**
 * Keeps `services.revokedTokens` what the table says, from now on: it is read whole before this resolves, at every
 * word from another node, at the broker's return, and every two seconds. The answer ends it.
 */
export async function followRevocations(parts: RevocationsParts): Promise<() => Promise<void>> {
  const { pubsub } = parts.services;
  const reader = new Reader(parts);
  const stopHearing = await pubsub.subscribe(REVOCATIONS_TOPIC, () => reader.look());
  const stopWaiting = pubsub.onReturn(() => void reader.look());
  try {
    await reader.read();
  } catch (error) {
    stopWaiting();
    await stopHearing();
    throw error;
  }
  const ends = [
    parts.isShared ? repeat(parts.services.clock, LOOK_EVERY_MS, () => reader.look()) : async () => {},
    repeat(parts.services.clock, SWEEP_EVERY_MS, () => sweep(parts)),
  ];
  return async () => {
    stopWaiting();
    await stopHearing();
    for (const end of ends) await end();
    await reader.settled;
  };
}

class Reader {
  /** The database's time at the last look. */
  private since: string | undefined;
  private isBlind = false;
  private reading: Promise<void> | undefined;
  private isStale = false;

  constructor(private readonly parts: RevocationsParts) {}

  get settled(): Promise<void> {
    return this.reading ?? Promise.resolve();
  }

  async read(): Promise<void> {
    const { now, revocations } = await revocationsSince(this.parts.fork(), this.since);
    this.since = now;
    this.parts.services.revokedTokens.add(revocations);
  }

  /** Reads what is new. Asked for while it reads, it reads once more: what it hears of may be newer than what it sees. */
  look(): Promise<void> {
    this.isStale = true;
    this.reading ??= this.catchUp().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** It never fails; what stands in its way is logged once, until it is over. */
  private async catchUp(): Promise<void> {
    const { logger } = this.parts.services;
    while (this.isStale) {
      this.isStale = false;
      try {
        await this.read();
        this.isBlind = false;
      } catch (error) {
        if (!this.isBlind) warnOf(logger, error, "could not ask which tokens were revoked; asking again");
        this.isBlind = true;
      }
    }
  }
}

async function sweep({ fork, services: { clock, logger, revokedTokens } }: RevocationsParts): Promise<void> {
  const now = clock.now();
  revokedTokens.forget(now.getTime());
  await removeExpiredRevocations(fork(), now).catch((error: unknown) => warnSweep(logger, error));
}

const warnSweep = (logger: Logger, error: unknown): number => {
  warnOf(logger, error, "expired revocations could not be removed; trying again later");
  return 0;
};
