import { createSecretKey, type KeyObject } from "node:crypto";
import type { CryptoKey } from "jose";

/** What a token's header may say about the key that signed it. Nothing else in a header is ever looked at. */
export interface TokenHeader {
  readonly alg: string;
  readonly kid?: string | undefined;
}

export type TokenKey = KeyObject | CryptoKey;

/** Where keys come from, and the algorithms that they may be used with: fixed, so that a token can't choose them. */
export interface TokenKeys {
  readonly algorithms: readonly string[];
  /**
   * The keys that may have signed a token with this header, likeliest first; one who has tried them all without success
   * may refuse the token. Throws `UNAVAILABLE` when that can't be known just now.
   */
  find(header: TokenHeader): AsyncIterable<TokenKey>;
}

/** The one HS256 key of a shared secret. */
export function secretKeys(secret: string): TokenKeys {
  const key = createSecretKey(Buffer.from(secret));
  return {
    algorithms: ["HS256"],
    async *find() {
      yield key;
    },
  };
}
