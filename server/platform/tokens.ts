import { createSecretKey, randomUUID } from "node:crypto";
import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type JWTVerifyOptions } from "jose";
import { z } from "zod";
import { DomainError } from "./errors.js";
import { hostId } from "./host-id.js";
import type { TokenIdentity } from "./revoked-tokens.js";
import { secretKeys, type TokenHeader, type TokenKey, type TokenKeys } from "./keys/token-keys.js";

/** What a token says about the one who carries it. */
export interface TokenClaims extends TokenIdentity {
  readonly username?: string;
  readonly displayName?: string;
  /** Not later than the longest that a token may live. */
  readonly expiresAtMs: number;
}

export interface TokenVerifierOptions {
  /** HS256 secret. */
  readonly secret?: string | undefined;
  /** Keys of other algorithms. */
  readonly hostKeys?: TokenKeys | undefined;
  /** When set, the `iss` and the `aud` that every token must carry. */
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly now?: () => Date;
}

export interface TokenVerifier {
  /**
   * The claims of a valid token. Throws `UNAUTHENTICATED` for any other, saying no more than whether it has expired; and
   * `UNAVAILABLE` when its key is not known and can't be asked for just now.
   */
  verify(token: string): Promise<TokenClaims>;
}

/** How far the clocks of the host product and of this server may be apart. */
export const CLOCK_TOLERANCE_SECONDS = 5;
export const CLOCK_TOLERANCE_MS = CLOCK_TOLERANCE_SECONDS * 1_000;
/**
 * However far away its `exp` is, a token ends so long after its `iat`, and without one counts only when its `exp` is no
 * further away: a token that is revoked without its end has to be remembered for so long.
 */
export const MAX_TOKEN_LIFE_MS = 400 * 24 * 60 * 60 * 1_000;
export const MAX_TOKEN_BYTES = 8_192;

const MAX_NAME_LENGTH = 255;
/** The last moment that a `Date` can hold. */
const MAX_TIME_MS = 8_640_000_000_000_000;

/** Makes a verifier for the tokens of users. Throws when there is no key to verify them with. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const sources = sourcesOf(options);
  const now = options.now ?? (() => new Date());
  const checks = {
    requiredClaims: ["exp"],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ...(options.issuer === undefined ? {} : { issuer: options.issuer }),
    ...(options.audience === undefined ? {} : { audience: options.audience }),
  };
  return {
    async verify(token) {
      if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) throw refusal();
      const header = parseHeader(token);
      // The algorithm finds the keys, and never the other way round: no key can be used with an algorithm of others.
      const source = sources.find(({ algorithms }) => algorithms.includes(header.alg));
      if (source === undefined) throw refusal();
      for await (const key of source.find(header)) {
        const signed = { ...checks, algorithms: [...source.algorithms], currentDate: now() };
        const payload = await payloadOf(token, key, signed);
        if (payload !== undefined) return parseClaims(payload, now().getTime());
      }
      throw refusal();
    },
  };
}

/** The one place that knows where keys come from. No algorithm is in two of them. */
function sourcesOf({ secret, hostKeys }: TokenVerifierOptions): readonly TokenKeys[] {
  const sources = [secret === undefined ? undefined : secretKeys(secret), hostKeys].filter(
    (keys) => keys !== undefined,
  );
  if (sources.length === 0) throw new Error("There is no key to verify tokens with: set JWT_SECRET or JWT_JWKS_URL.");
  return sources;
}

/** What the token says; undefined when it is not this key that signed it. */
async function payloadOf(token: string, key: TokenKey, options: JWTVerifyOptions): Promise<unknown> {
  try {
    return (await jwtVerify(token, key, options)).payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
    throw refusal(error);
  }
}

const tokenHeader = z.object({ alg: z.string(), kid: z.string().optional() });

function parseHeader(token: string): TokenHeader {
  try {
    return tokenHeader.parse(decodeProtectedHeader(token));
  } catch {
    throw refusal();
  }
}

const expired = (): DomainError => new DomainError("UNAUTHENTICATED", "The token has expired: log in again.");

function refusal(cause?: unknown): DomainError {
  if (cause instanceof errors.JWTExpired) return expired();
  return new DomainError("UNAUTHENTICATED", "The token is not valid.");
}

/** A name that can't be shown is left out; it is no reason to lock its bearer out. */
const name = z
  .string()
  .trim()
  .min(1)
  .max(MAX_NAME_LENGTH)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u)
  .optional()
  .catch(undefined);

const claims = z.object({
  sub: hostId.nullish(),
  user_id: hostId.nullish(),
  jti: hostId.optional().catch(undefined),
  token_type: z.literal("access").nullish(),
  username: name,
  display_name: name,
  name,
  iat: z.number().optional(),
  exp: z.number(),
});

function parseClaims(payload: unknown, nowMs: number): TokenClaims {
  const parsed = claims.safeParse(payload);
  const hostId = parsed.data?.sub ?? parsed.data?.user_id ?? undefined;
  if (!parsed.success || hostId === undefined) throw refusal();
  const { username, jti, iat, exp } = parsed.data;
  const issuedAtMs = iat === undefined ? undefined : toTimeMs(iat);
  const expiresAtMs = endOf(issuedAtMs, toTimeMs(exp), nowMs);
  if (expiresAtMs + CLOCK_TOLERANCE_MS <= nowMs) throw expired();
  const displayName = parsed.data.display_name ?? parsed.data.name;
  return {
    hostId,
    ...(username === undefined ? {} : { username }),
    ...(displayName === undefined ? {} : { displayName }),
    ...(jti === undefined ? {} : { tokenId: jti }),
    ...(issuedAtMs === undefined ? {} : { issuedAtMs }),
    expiresAtMs,
  };
}

/**
 * When a token ends, by what it says. One from the future would be newer than any moment that its person's tokens are
 * revoked up to; of one that does not say when it was issued nobody could tell that it is too old, except by its end.
 */
function endOf(issuedAtMs: number | undefined, untilMs: number, nowMs: number): number {
  if (issuedAtMs !== undefined && issuedAtMs > nowMs + CLOCK_TOLERANCE_MS) throw refusal();
  const longestMs = (issuedAtMs ?? nowMs) + MAX_TOKEN_LIFE_MS;
  if (issuedAtMs === undefined && untilMs > longestMs) throw refusal();
  return Math.min(untilMs, longestMs);
}

function toTimeMs(seconds: number): number {
  return Math.min(Math.max(seconds * 1_000, 0), MAX_TIME_MS);
}

export interface TokenOptions {
  readonly secret: string;
  readonly hostId: string;
  readonly username: string;
  readonly displayName: string;
  readonly ttlMs: number;
  /** What the verifier asks for, when it does. */
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly now?: () => Date;
}

/** A token such as the host product would sign: for the demo log-in and the command line. */
export async function signToken(options: TokenOptions): Promise<string> {
  const issuedAt = Math.floor((options.now?.() ?? new Date()).getTime() / 1_000);
  const token = new SignJWT({ token_type: "access", username: options.username, display_name: options.displayName })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(options.hostId)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + Math.ceil(options.ttlMs / 1_000));
  if (options.issuer !== undefined) token.setIssuer(options.issuer);
  if (options.audience !== undefined) token.setAudience(options.audience);
  return token.sign(createSecretKey(Buffer.from(options.secret)));
}
