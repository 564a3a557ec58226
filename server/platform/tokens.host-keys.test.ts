import { createHmac, createPublicKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { exportJWK, importJWK, SignJWT } from "jose";
import { pino } from "pino";
import { TestClock } from "../test/clock.js";
import { makeKey, startKeyHost, type KeyHost, type SigningKey } from "../test/key-host.js";
import { openHostKeys, type HostKeys } from "./keys/host-keys.js";
import { ASYMMETRIC_ALGORITHMS } from "./keys/key-set.js";
import { createTokenVerifier, signToken, type TokenVerifierOptions } from "./tokens.js";

const SECRET = "kPq3vX9sT2wZ7bN5mL8cR4dF6gH1jK0yQw";
const NOW_SECONDS = 1_800_000_000;
const clock = new TestClock(new Date(NOW_SECONDS * 1_000));
const valid = { sub: "auth0|7f", exp: NOW_SECONDS + 60 } as const;
const pairs = await Promise.all(ASYMMETRIC_ALGORITHMS.map((alg) => makeKey(alg, `key-${alg}`)));
const rsa = keyOf("RS256");
const stranger = await makeKey("RS256");

function keyOf(alg: string): SigningKey {
  const found = pairs.find((pair) => pair.alg === alg);
  if (found === undefined) throw new Error(`There is no key for ${alg}.`);
  return found;
}

let host: KeyHost;
let hostKeys: HostKeys;
beforeAll(async () => {
  host = await startKeyHost();
  host.publish(...pairs);
  const wait = { stop: new AbortController().signal, say: () => {} };
  hostKeys = await openHostKeys({ url: host.url, clock, logger: pino({ level: "silent" }) }, wait);
});
afterAll(async () => {
  hostKeys.close();
  await host.close();
});

const verify = (token: string, options: TokenVerifierOptions = {}) =>
  createTokenVerifier({ hostKeys, now: () => clock.now(), ...options }).verify(token);
const refused = { name: "DomainError", code: "UNAUTHENTICATED", message: "The token is not valid." } as const;
const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");

/** A token signed as if a public key were a shared secret. */
function confused(secret: string | Buffer, header: object): string {
  const signed = `${encode({ typ: "JWT", ...header })}.${encode(valid)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

describe("a token signed with a private key", () => {
  test.each(pairs.map((pair) => [pair.alg, pair] as const))("by %s is believed", async (_, pair) => {
    expect(await verify(await pair.sign(valid))).toEqual({ hostId: "auth0|7f", expiresAtMs: valid.exp * 1_000 });
  });

  test("is believed also when it does not name the key", async () => {
    for (const pair of pairs) expect(await verify(await pair.sign(valid, { kid: undefined }))).toBeDefined();
  });

  test("has to carry the issuer and audience that are asked for", async () => {
    const options = { issuer: "https://id.example", audience: "parley" };
    const claims = { ...valid, iss: options.issuer, aud: ["other", "parley"] };
    expect((await verify(await rsa.sign(claims), options)).hostId).toBe("auth0|7f");
    for (const wrong of [{ iss: "https://id.example/" }, { aud: "other" }]) {
      await expect(verify(await rsa.sign({ ...claims, ...wrong }), options)).rejects.toMatchObject(refused);
    }
    await expect(verify(await rsa.sign(valid), options)).rejects.toMatchObject(refused);
  });

  test("ends, which is all that is said of why it is refused", async () => {
    expect(await verify(await rsa.sign({ ...valid, exp: NOW_SECONDS - 4 }))).toBeDefined();
    await expect(verify(await rsa.sign({ ...valid, exp: NOW_SECONDS - 5 }))).rejects.toThrow(
      "The token has expired: log in again.",
    );
  });
});

describe("a token is refused", () => {
  const pem = createPublicKey({ key: { ...rsa.jwk }, format: "jwk" }).export({ type: "spki", format: "pem" });
  const der = createPublicKey({ key: { ...rsa.jwk }, format: "jwk" }).export({ type: "spki", format: "der" });
  const ofRsa = { kid: "key-RS256" } as const;

  test.each<[string, () => string | Promise<string>]>([
    ["signed with another key under a known id", () => stranger.sign(valid, ofRsa)],
    ["signed with another key under no id", () => stranger.sign(valid)],
    ["signed with a known key under another's id", () => rsa.sign(valid, { kid: "key-PS256" })],
    ["signed with another algorithm than the key's", () => signedAs("RS512")],
    ["without a signature (alg none)", () => `${encode({ alg: "none", ...ofRsa })}.${encode(valid)}.`],
    ["with alg none and a good signature", async () => withHeader(await rsa.sign(valid), { alg: "none", ...ofRsa })],
    ["signed with the public key's PEM as HS256 secret", () => confused(pem.toString(), { alg: "HS256", ...ofRsa })],
    ["signed with the public key's bytes as HS256 secret", () => confused(der, { alg: "HS256", ...ofRsa })],
    ["signed so, said to be RS256", () => confused(pem.toString(), { alg: "RS256", ...ofRsa })],
    ["with the key it brings along (jwk)", () => stranger.sign(valid, { jwk: stranger.jwk })],
    ["with a certificate it brings along (x5c)", () => stranger.sign(valid, { x5c: [der.toString("base64")] })],
    ["with an id that is no text", () => rsa.sign(valid, { kid: 7 })],
    ["with an algorithm that is no text", async () => withHeader(await rsa.sign(valid), { alg: ["RS256"] })],
    ["with a critical extension nobody knows", async () => withHeader(await rsa.sign(valid), { crit: ["x"], x: 1 })],
    ["with changed claims", async () => (await rsa.sign(valid)).replace(/\.[^.]+\./, `.${encode({ sub: "1" })}.`)],
    ["without exp", () => rsa.sign({ sub: "7" })],
    ["of type refresh", () => rsa.sign({ ...valid, token_type: "refresh" })],
  ])("%s", async (_, make) => {
    await expect(verify(await make())).rejects.toMatchObject(refused);
    await expect(verify(await make(), { secret: SECRET })).rejects.toMatchObject(refused);
  });

  test("with the address of a key, which is never asked", async () => {
    const trap = await startKeyHost();
    trap.publish(stranger);
    for (const header of [{ jku: trap.url }, { x5u: trap.url }, { jku: trap.url, kid: "stranger" }]) {
      await expect(verify(await stranger.sign(valid, header))).rejects.toMatchObject(refused);
    }
    expect(trap.asked).toBe(0);
    await trap.close();
  });

  test("by a node that knows public keys alone, when it is signed with a secret", async () => {
    await expect(verify(await ownToken())).rejects.toMatchObject(refused);
  });

  test("by a node that knows a secret alone, when it is signed with a private key", async () => {
    const only = createTokenVerifier({ secret: SECRET, now: () => clock.now() });
    for (const pair of pairs) await expect(only.verify(await pair.sign(valid))).rejects.toMatchObject(refused);
  });
});

test("with a secret and keys, each verifies the tokens of its own algorithms", async () => {
  expect((await verify(await ownToken(), { secret: SECRET })).hostId).toBe("1");
  for (const pair of pairs) expect((await verify(await pair.sign(valid), { secret: SECRET })).hostId).toBe("auth0|7f");
  const other = "another-secret-of-more-than-32-bytes";
  await expect(verify(await ownToken(), { secret: other })).rejects.toMatchObject(refused);
});

function ownToken(): Promise<string> {
  const person = { hostId: "1", username: "john", displayName: "John" };
  return signToken({ ...person, secret: SECRET, ttlMs: 60_000, now: () => clock.now() });
}

function withHeader(token: string, header: object): string {
  return token.replace(/^[^.]+/, encode({ kid: "key-RS256", alg: "RS256", ...header }));
}

/** Signed with the RSA key, by an algorithm that it was not published for. */
async function signedAs(alg: string): Promise<string> {
  const key = await importJWK(await exportJWK(rsa.privateKey), alg);
  return new SignJWT(valid).setProtectedHeader({ alg, kid: "key-RS256" }).sign(key);
}
