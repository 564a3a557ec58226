import { recognise, tellAboutPeople } from "../features/directory/directory.actions.js";
import { DomainError, toDomainError } from "../platform/errors.js";
import type { Database } from "../platform/orm.js";
import type { TokenIdentity } from "../platform/revoked-tokens.js";
import type { Services } from "../platform/scope.js";
import { secretCheck } from "../platform/secrets.js";
import type { TokenVerifier } from "../platform/tokens.js";
import type { Via } from "../platform/via.js";
import type { KnownSessions, Session } from "./sessions.js";

/**
 * From an `Authorization` value to a person: the same for all transports. However many were refused before, a bad token
 * is told so: by that answer its bearer knows to log in again, and those who share an address share no count.
 * @throws DomainError UNAUTHENTICATED; UNAVAILABLE when a key or the database can't be asked just now
 */
export type Authenticate = (authorization: unknown, via: Via) => Promise<Session>;

/** What people are recognised by. */
export interface AuthenticateParts {
  readonly verifier: TokenVerifier;
  readonly sessions: KnownSessions;
  readonly database: Database;
  readonly services: Services;
}

export function createAuthenticate(parts: AuthenticateParts): Authenticate {
  const { services } = parts;
  return async (authorization, via) => {
    const token = bearerToken(authorization);
    if (token === undefined) throw new DomainError("UNAUTHENTICATED", "Log in first: send a bearer token.");
    try {
      const session = await sessionOf(parts, token);
      // Last of all: it may have been revoked since, or while its person was looked up.
      requireUnrevoked(services, session.token);
      return session;
    } catch (error) {
      const { code, message: reason } = toDomainError(error);
      if (code === "UNAUTHENTICATED")
        services.refusals.note({ actorId: null, isHost: false, via, code, subject: {}, reason });
      throw error;
    }
  };
}

/** The session of a moment ago, or a new one. */
async function sessionOf(parts: AuthenticateParts, token: string): Promise<Session> {
  const { sessions, services } = parts;
  // Without a broker nobody would tell that a person is deleted.
  const { isConnected } = services.pubsub;
  const known = isConnected ? sessions.recall(token) : undefined;
  if (known !== undefined) return known;
  const remember = sessions.look();
  const session = await meet(parts, token);
  if (isConnected) remember(token, session);
  return session;
}

async function meet({ verifier, database, services }: AuthenticateParts, token: string): Promise<Session> {
  const claims = await verifier.verify(token);
  // Nobody is made known to others by a token that counts no more.
  requireUnrevoked(services, claims);
  const { hostId, username, displayName, issuedAtMs, expiresAtMs } = claims;
  const { user, changed } = await recognise(database.fork(), { hostId, username, displayName }, issuedAtMs);
  if (changed) tellAboutPeople(services, { kind: "user_changed", users: [user] });
  return { actor: user, expiresAtMs, token: claims };
}

/** What the bearer of a revoked token is told. */
export const TOKEN_REVOKED = "The token has been revoked: log in again.";

function requireUnrevoked({ revokedTokens }: Services, token: TokenIdentity): void {
  if (revokedTokens.has(token)) throw new DomainError("UNAUTHENTICATED", TOKEN_REVOKED);
}

/** Who may call over HTTP: a person, or the host product itself, which is nobody and has no rooms. */
export type Caller = Session | "host";

/** As {@link Authenticate}, of whoever may call. */
export type Identify = (authorization: unknown, via: Via) => Promise<Caller>;

/** Without a service token nobody is the host product. */
export function createIdentify(serviceToken: string | undefined, authenticate: Authenticate): Identify {
  const isServiceToken = secretCheck(serviceToken);
  return async (authorization, via) =>
    isServiceToken(bearerToken(authorization)) ? "host" : authenticate(authorization, via);
}

function bearerToken(authorization: unknown): string | undefined {
  return typeof authorization === "string" ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
}
