import { DomainError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { Clock } from "../time.js";
import { pause, sayFromTimeToTime, type Wait } from "../wait.js";
import { fetchKeySet } from "./fetch-key-set.js";
import { ASYMMETRIC_ALGORITHMS, type KeySet } from "./key-set.js";
import type { TokenHeader, TokenKey, TokenKeys } from "./token-keys.js";

/** The keys that the host product publishes at an address. Those that are known go on counting while it is away. */
export interface HostKeys extends TokenKeys {
  /** `current`, as the address last said; `stale`, when it could not be asked since; `none`, when there are no keys at all. */
  readonly state: "current" | "stale" | "none";
  close(): void;
}

export interface HostKeysSettings {
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long a withdrawn key can still be believed. */
export const REFRESH_EVERY_MS = 5 * 60_000;
export const RETRY_EVERY_MS = 10_000;
/** However many tokens come with keys that are not known: the address is asked for their sake once in this time. */
export const COOLDOWN_MS = 10_000;
export const RETRY_AT_START_MS = 1_000;

/**
 * The keys of this address, once it has answered with any: until then it is asked again and again.
 * @throws the signal's reason when the waiting is ended
 */
export async function openHostKeys(settings: HostKeysSettings, wait: Wait): Promise<HostKeys> {
  const keys = new PublishedKeys(settings);
  const close = (): void => keys.close();
  wait.stop.addEventListener("abort", close);
  try {
    await keys.start(wait);
    return keys;
  } finally {
    wait.stop.removeEventListener("abort", close);
  }
}

class PublishedKeys implements HostKeys {
  readonly algorithms = ASYMMETRIC_ALGORITHMS;
  private known: KeySet = { size: 0, matching: async () => [] };
  /** Why the last look brought nothing. */
  private problem: string | undefined;
  private looking: Promise<void> | undefined;
  private isCoolingDown = false;
  private cancelRefresh = (): void => {};
  private cancelCooldown = (): void => {};
  private readonly closing = new AbortController();

  constructor(private readonly settings: HostKeysSettings) {}

  get state(): HostKeys["state"] {
    if (this.known.size === 0) return "none";
    return this.problem === undefined ? "current" : "stale";
  }

  async *find(header: TokenHeader): AsyncGenerator<TokenKey> {
    const before = this.known;
    const matching = await before.matching(header);
    yield* matching;
    // A key that is known by its id, and did not sign this token, will not have signed it after another look either.
    if (header.kid !== undefined && matching.length > 0) return;
    await this.lookForUnknown();
    if (this.known !== before) yield* await this.known.matching(header);
  }

  async start(wait: Wait): Promise<void> {
    const { url, clock } = this.settings;
    const { stop } = wait;
    const say = sayFromTimeToTime(wait, clock);
    for (;;) {
      stop.throwIfAborted();
      await this.look();
      stop.throwIfAborted();
      const { problem } = this;
      if (problem === undefined) return this.planRefresh();
      say(describeWait(url, problem));
      await pause(clock, RETRY_AT_START_MS, stop);
    }
  }

  close(): void {
    this.closing.abort();
    this.cancelRefresh();
    this.cancelCooldown();
  }

  /** For a token whose key is not known: it may be newer than the last look. */
  private async lookForUnknown(): Promise<void> {
    if (!this.isCoolingDown) {
      this.isCoolingDown = true;
      this.cancelCooldown = this.settings.clock.after(COOLDOWN_MS, () => (this.isCoolingDown = false));
      this.refresh();
    }
    await this.looking;
    if (this.problem === undefined) return;
    throw new DomainError(
      "UNAVAILABLE",
      "The key of this token is not known here, and new keys can't be had just now. Try again in a moment.",
      { retryAfterMs: COOLDOWN_MS },
    );
  }

  /** Looks again, or joins the look that runs. It never fails; an outage is logged when it begins and when it ends. */
  private refresh(): void {
    this.looking ??= this.lookAgain().finally(() => (this.looking = undefined));
  }

  private async lookAgain(): Promise<void> {
    const before = this.problem;
    await this.look();
    const { problem, closing } = this;
    if (closing.signal.aborted) return;
    const { logger } = this.settings;
    if (problem === undefined && before !== undefined) logger.info("the keys of JWT_JWKS_URL are current again");
    if (problem !== undefined && before === undefined)
      logger.warn(
        { problem },
        "the keys of JWT_JWKS_URL can't be refreshed; tokens are verified with those still known",
      );
    this.planRefresh();
  }

  private async look(): Promise<void> {
    const { url, clock } = this.settings;
    const found = await fetchKeySet({ url, clock, signal: this.closing.signal });
    if ("problem" in found) {
      this.problem = found.problem;
      return;
    }
    // What is not in a whole set any more was withdrawn, even if that leaves nothing.
    this.known = found.keys;
    this.problem = found.keys.size > 0 ? undefined : NO_USABLE_KEY;
  }

  private planRefresh(): void {
    this.cancelRefresh();
    const delayMs = this.problem === undefined ? REFRESH_EVERY_MS : RETRY_EVERY_MS;
    this.cancelRefresh = this.settings.clock.after(delayMs, () => this.refresh());
  }
}

const NO_USABLE_KEY =
  "there is no usable key in its set (public ones to verify with: RSA of 2048 bits or more, P-256, P-384, P-521, Ed25519)";

function describeWait(url: string, problem: string): string {
  const { origin, pathname } = new URL(url);
  return (
    `Waiting for the keys of JWT_JWKS_URL. ${origin}${pathname}: ${problem}. ` +
    "Start what serves them, or correct the address; Parley goes on as soon as it has keys."
  );
}
