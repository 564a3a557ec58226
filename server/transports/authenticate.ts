import { createHash, timingSafeEqual } from "node:crypto";
import { recognise, tellAboutPeople } from "../features/directory/directory.actions.js";
import { DomainError } from "../platform/errors.js";
import type { Database } from "../platform/orm.js";
import type { Actor, Services } from "../platform/scope.js";
import type { TokenVerifier } from "../platform/tokens.js";

/** Who is there, and until when the token says so. */
export interface Session {
  readonly actor: Actor;
  readonly expiresAtMs: number;
}

/** From an `Authorization` value to a person: the same for all transports. Throws UNAUTHENTICATED. */
export type Authenticate = (authorization: unknown) => Promise<Session>;

export function createAuthenticate(verifier: TokenVerifier, database: Database, services: Services): Authenticate {
  return async (authorization) => {
    const token = bearerToken(authorization);
    if (token === undefined) throw new DomainError("UNAUTHENTICATED", "Log in first: send a bearer token.");
    const { hostId, username, displayName, issuedAtMs, expiresAtMs } = await verifier.verify(token);
    const { user, changed } = await recognise(database.fork(), { hostId, username, displayName }, issuedAtMs);
    if (changed) tellAboutPeople(services, { kind: "user_changed", users: [user] });
    return { actor: user, expiresAtMs };
  };
}

/** Who may call over HTTP: a person, or the host product itself, which is nobody and has no rooms. */
export type Caller = Session | "host";

/** From an `Authorization` value to the caller. Throws UNAUTHENTICATED. */
export type Identify = (authorization: unknown) => Promise<Caller>;

/** Without a service token nobody is the host product. */
export function createIdentify(serviceToken: string | undefined, authenticate: Authenticate): Identify {
  const expected = serviceToken === undefined ? undefined : digest(serviceToken);
  return async (authorization) => {
    const token = bearerToken(authorization);
    const isHost = token !== undefined && expected !== undefined && timingSafeEqual(digest(token), expected);
    return isHost ? "host" : authenticate(authorization);
  };
}

function bearerToken(authorization: unknown): string | undefined {
  return typeof authorization === "string" ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
}

/** Of one length for all, so that comparing takes one time for all. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
