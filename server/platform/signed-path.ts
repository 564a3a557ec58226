import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "./time.js";

/** Signs addresses that open something for a while without any other proof. */
export interface PathSigner {
  /** The path with when it ends and a signature. It is the same for everybody, and stays the same for half its time. */
  sign(path: string, generation: number): string;
  /** When the address ends, if it was signed for this generation and has not ended yet; otherwise undefined. */
  verify(signed: SignedPath, generation: number): Date | undefined;
}

/** An address as it comes back; its parts are whatever somebody wrote there. */
export interface SignedPath {
  readonly path: string;
  readonly expires: string;
  readonly signature: string;
}

export interface SignerSettings {
  readonly secret: string;
  /** The longest that an address works; each works for at least half of it. */
  readonly ttlMs: number;
  readonly clock: Clock;
}

const SECOND_MS = 1_000;

/**
 * What is signed is path, end and generation: whoever raises the generation ends every address from before. Ends are
 * rounded, so that browsers meet the same address again and have its bytes already.
 */
export function createPathSigner({ secret, ttlMs, clock }: SignerSettings): PathSigner {
  const stepMs = Math.max(Math.floor(ttlMs / 2), 1);
  const signatureOf = (path: string, expires: string, generation: number): string =>
    createHmac("sha256", secret)
      .update(JSON.stringify([path, expires, generation]))
      .digest("base64url");
  return {
    sign(path, generation) {
      const endMs = (Math.floor(clock.now().getTime() / stepMs) + 2) * stepMs;
      const expires = String(Math.ceil(endMs / SECOND_MS));
      return `${path}?expires=${expires}&signature=${signatureOf(path, expires, generation)}`;
    },
    verify({ path, expires, signature }, generation) {
      const ends = new Date(Number(expires) * SECOND_MS);
      if (!/^\d{1,12}$/.test(expires) || ends <= clock.now()) return undefined;
      const [given, right] = [signature, signatureOf(path, expires, generation)].map((text) => Buffer.from(text));
      const isRight = given?.length === right?.length && given && right && timingSafeEqual(given, right);
      return isRight === true ? ends : undefined;
    },
  };
}
