import { createHash } from "node:crypto";
import { hearAboutPeople } from "../features/directory/directory.actions.js";
import type { UserId } from "../platform/ids.js";
import type { TokenIdentity } from "../platform/revoked-tokens.js";
import type { Actor, Services } from "../platform/scope.js";
import type { Clock } from "../platform/time.js";

/** Who is there, and until when the token says so. */
export interface Session {
  readonly actor: Actor;
  readonly expiresAtMs: number;
  /** What the token can be revoked by. */
  readonly token: TokenIdentity;
}

/** So long a token is not looked at again: the requests of a person come in bursts. */
const KNOWN_FOR_MS = 5_000;
const MAX_KNOWN = 10_000;

interface Known {
  readonly session: Session;
  readonly untilMs: number;
}

/** Sessions of a moment ago by their tokens, of which only hashes are kept: until they expire, or are forgotten. */
export class KnownSessions {
  private readonly known = new Map<string, Known>();
  /** How often something was forgotten. */
  private forgotten = 0;

  constructor(private readonly clock: Clock) {}

  recall(token: string): Session | undefined {
    const found = this.known.get(hashOf(token));
    return found === undefined || found.untilMs <= this.clock.now().getTime() ? undefined : found.session;
  }

  /**
   * Before a token is looked at.
   * @returns what remembers the session that was found: not if anything was forgotten meanwhile, as it may be the same
   */
  look(): (token: string, session: Session) => void {
    const before = this.forgotten;
    return (token, session) => {
      if (this.forgotten !== before) return;
      const untilMs = Math.min(this.clock.now().getTime() + KNOWN_FOR_MS, session.expiresAtMs);
      const hash = hashOf(token);
      this.known.delete(hash);
      this.known.set(hash, { session, untilMs });
      const [oldest] = this.known.keys();
      if (this.known.size > MAX_KNOWN && oldest !== undefined) this.known.delete(oldest);
    };
  }

  /** From here on all tokens of a person, or everybody's, are looked at anew. */
  forget(whose: { readonly userId: UserId } | "everybody"): void {
    this.forgotten += 1;
    if (whose === "everybody") this.known.clear();
    else for (const [hash, { session }] of this.known) if (session.actor.id === whose.userId) this.known.delete(hash);
  }

  /** Forgets people of whom there is news, on whichever node. The answer ends it. */
  async listen(services: Services): Promise<() => Promise<void>> {
    // While the broker was away nothing was heard.
    const stopLooking = services.pubsub.onReturn(() => this.forget("everybody"));
    const stopHearing = await hearAboutPeople(services, ({ kind, users }) => {
      if (kind !== "presence_changed") for (const { id } of users) this.forget({ userId: id });
    });
    return async () => {
      stopLooking();
      await stopHearing();
    };
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
