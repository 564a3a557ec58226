import type { Config } from "./config.js";
import { demoSecret } from "./platform/data-dir.js";
import type { HostKeys } from "./platform/keys/host-keys.js";
import type { Database } from "./platform/orm.js";
import type { Services } from "./platform/scope.js";
import { createTokenVerifier, signToken } from "./platform/tokens.js";
import { createAuthenticate, createIdentify, type Authenticate, type Identify } from "./transports/authenticate.js";
import type { IssueToken } from "./transports/demo.js";
import { KnownSessions } from "./transports/sessions.js";

const DEMO_TOKEN_TTL_MS = 24 * 60 * 60 * 1_000;

/** Who may come in, and by what they are known. */
export interface Identity {
  readonly sessions: KnownSessions;
  readonly authenticate: Authenticate;
  readonly identify: Identify;
  readonly issueToken: IssueToken;
  /** Tokens may be signed with a secret that this server has, too. */
  readonly hasSecret: boolean;
}

/** Who may come in: people by their tokens, and the host product by its own. */
export async function createIdentity(
  config: Config,
  { database, services }: { readonly database: Database; readonly services: Services },
  hostKeys: HostKeys | undefined,
): Promise<Identity> {
  const { jwtSecret, issuer, audience } = config.identity;
  const secret = jwtSecret ?? (config.demo ? await demoSecret(config.dataDir) : undefined);
  const now = () => services.clock.now();
  const verifier = createTokenVerifier({ secret, hostKeys, issuer, audience, now });
  const sessions = new KnownSessions(services.clock);
  const authenticate = createAuthenticate({ verifier, sessions, database, services });
  return {
    sessions,
    authenticate,
    identify: createIdentify(config.serviceToken, authenticate),
    async issueToken(user) {
      if (secret === undefined) throw new Error("There is no secret to sign a token with.");
      return signToken({ ...user, secret, issuer, audience, ttlMs: DEMO_TOKEN_TTL_MS, now });
    },
    hasSecret: secret !== undefined,
  };
}
