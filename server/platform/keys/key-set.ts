import { createLocalJWKSet, type CryptoKey, type JWK, type LocalJWKSet } from "jose";
import { z } from "zod";
import type { TokenHeader } from "./token-keys.js";

/** The algorithms of tokens that are signed with a private key. None of them can be verified with a shared secret. */
export const ASYMMETRIC_ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
] as const;

const MIN_RSA_BITS = 2_048;

/** The public keys of one answer. */
export interface KeySet {
  /** How many of them can be used; what can't be, is not among them. */
  readonly size: number;
  /** Those that may have signed a token with this header: by its key id, or without one all of its algorithm. */
  matching(header: TokenHeader): Promise<readonly CryptoKey[]>;
}

/** Nothing but what a public key consists of: a certificate, or the address of one, is not looked at. */
const publicKey = z
  .object({
    kty: z.string(),
    kid: z.string(),
    alg: z.string(),
    use: z.string(),
    key_ops: z.array(z.string()),
    n: z.string(),
    e: z.string(),
    crv: z.string(),
    x: z.string(),
    y: z.string(),
    /** Whose private half is published is nobody's any more. */
    d: z.never(),
  })
  .partial();

const published = z.object({ keys: z.array(z.unknown()) });

/** The keys of a JSON Web Key Set; undefined when this is none. A key in it that can't be used does no harm to the others. */
export async function parseKeySet(text: string): Promise<KeySet | undefined> {
  const set = published.safeParse(parseJson(text));
  if (!set.success) return undefined;
  const keys: LocalJWKSet[] = [];
  for (const entry of set.data.keys) {
    const key = parsePublicKey(entry);
    if (key === undefined) continue;
    // One by one: jose refuses a whole set for one bad key.
    const only = createLocalJWKSet({ keys: [key] });
    if (await isUsable(only)) keys.push(only);
  }
  return {
    size: keys.length,
    async matching(header) {
      const found = await Promise.all(keys.map((key) => keyFor(key, header)));
      return found.filter((key) => key !== undefined);
    },
  };
}

/** Whether there is an algorithm of ours that this key can verify. */
async function isUsable(only: LocalJWKSet): Promise<boolean> {
  const found = await Promise.all(ASYMMETRIC_ALGORITHMS.map((alg) => keyFor(only, { alg })));
  return found.some((key) => key !== undefined && isStrong(key));
}

function isStrong({ algorithm }: CryptoKey): boolean {
  return !("modulusLength" in algorithm) || Number(algorithm.modulusLength) >= MIN_RSA_BITS;
}

/** The key, when it fits the header and can be used. */
async function keyFor(only: LocalJWKSet, { alg, kid }: TokenHeader): Promise<CryptoKey | undefined> {
  return only({ alg, ...(kid === undefined ? {} : { kid }) }).catch(() => undefined);
}

function parsePublicKey(entry: unknown): JWK | undefined {
  return publicKey.safeParse(entry).data as JWK | undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
