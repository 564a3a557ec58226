import { recognise } from "../features/directory/directory.actions.js";
import { tellAboutPerson } from "../features/presence/presence.actions.js";
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
    const token = typeof authorization === "string" ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
    if (token === undefined) throw new DomainError("UNAUTHENTICATED", "Log in first: send a bearer token.");
    const { hostId, username, displayName, issuedAtMs, expiresAtMs } = await verifier.verify(token);
    const { user, changed } = await recognise(database.fork(), { hostId, username, displayName }, issuedAtMs);
    if (changed) tellAboutPerson(services, { kind: "user_changed", user });
    return { actor: user, expiresAtMs };
  };
}
