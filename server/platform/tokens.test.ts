import { createHmac, createSign, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { createTokenVerifier, signToken, type TokenVerifierOptions } from "./tokens.js";

const SECRET = "kPq3vX9sT2wZ7bN5mL8cR4dF6gH1jK0yQw";
const NOW_SECONDS = 1_800_000_000;
const now = (): Date => new Date(NOW_SECONDS * 1_000);
const DAY_S = 24 * 60 * 60;
const valid = { sub: "7", exp: NOW_SECONDS + 60 } as const;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const ed = generateKeyPairSync("ed25519");
const publicPem = rsa.publicKey.export({ type: "spki", format: "pem" }).toString();

type Json = Readonly<Record<string, unknown>>;

function encode(part: Json | string): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

/** A token made by hand, so that it can be wrong in every way. */
function hs256(claims: Json | string, header: Json = {}, secret: string | Buffer = SECRET): string {
  const signed = `${encode({ alg: "HS256", typ: "JWT", ...header })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

function rs256(claims: Json, header: Json = {}): string {
  const signed = `${encode({ alg: "RS256", ...header })}.${encode(claims)}`;
  return `${signed}.${createSign("sha256").update(signed).sign(rsa.privateKey, "base64url")}`;
}

function edDsa(claims: Json, key: KeyObject): string {
  const signed = `${encode({ alg: "EdDSA" })}.${encode(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
}

function verify(token: string, options: TokenVerifierOptions = {}) {
  return createTokenVerifier({ secret: SECRET, now, ...options }).verify(token);
}

const refused = { name: "DomainError", code: "UNAUTHENTICATED" } as const;

describe("a token says who carries it", () => {
  test("by sub, as text or as a number", async () => {
    expect(await verify(hs256(valid))).toEqual({ hostId: "7", expiresAtMs: (NOW_SECONDS + 60) * 1_000 });
    expect((await verify(hs256({ ...valid, sub: 7 }))).hostId).toBe("7");
    expect((await verify(hs256({ ...valid, sub: "usr_9f", user_id: 7 }))).hostId).toBe("usr_9f");
  });

  test("by user_id, as Django SimpleJWT writes it", async () => {
    const simpleJwt = { token_type: "access", exp: valid.exp, iat: NOW_SECONDS - 5, jti: "a1b2", user_id: 7 };
    expect(await verify(hs256(simpleJwt))).toEqual({
      tokenId: "a1b2",
      hostId: "7",
      issuedAtMs: (NOW_SECONDS - 5) * 1_000,
      expiresAtMs: valid.exp * 1_000,
    });
    expect((await verify(hs256({ ...simpleJwt, user_id: "7" }))).hostId).toBe("7");
  });

  test("with their names, display_name before name", async () => {
    const names = { username: "john", name: "J. Doe" };
    expect(await verify(hs256({ ...valid, ...names }))).toMatchObject({ username: "john", displayName: "J. Doe" });
    expect((await verify(hs256({ ...valid, ...names, display_name: "John Doe" }))).displayName).toBe("John Doe");
  });

  test("and names that can't be shown are left out", async () => {
    const claims = await verify(hs256({ ...valid, username: "jo\u0000hn", display_name: 7, name: " " }));
    expect(claims).toEqual({ hostId: "7", expiresAtMs: valid.exp * 1_000 });
  });

  test("for 400 days at most, however far away its end is", async () => {
    const issuedDaysAgo = (days: number) => verify(hs256({ ...valid, iat: NOW_SECONDS - days * DAY_S, exp: 1e11 }));
    expect((await issuedDaysAgo(399)).expiresAtMs).toBe((NOW_SECONDS + DAY_S) * 1_000);
    await expect(issuedDaysAgo(401)).rejects.toThrow("The token has expired: log in again.");
  });

  test("without iat only if its end is not further away than that", async () => {
    const endingInDays = (days: number) => verify(hs256({ ...valid, exp: NOW_SECONDS + days * DAY_S }));
    expect((await endingInDays(400)).expiresAtMs).toBe((NOW_SECONDS + 400 * DAY_S) * 1_000);
    await expect(endingInDays(401)).rejects.toThrow("The token is not valid.");
  });

  test("until five seconds after its end", async () => {
    await expect(verify(hs256({ ...valid, exp: NOW_SECONDS - 4 }))).resolves.toBeDefined();
    await expect(verify(hs256({ ...valid, nbf: NOW_SECONDS + 5 }))).resolves.toBeDefined();
    await expect(verify(hs256({ ...valid, iat: NOW_SECONDS + 5 }))).resolves.toBeDefined();
  });
});

describe("a token is refused", () => {
  const unsigned = `${encode({ alg: "none", typ: "JWT" })}.${encode(valid)}.`;
  const [header, payload, signature] = hs256(valid).split(".");
  const changed = `${header}.${encode({ ...valid, sub: "1" })}.${signature}`;
  const jwk = { kty: "oct", k: encode("attacker") };

  test.each([
    ["without a signature (alg none)", unsigned],
    ["with alg None", unsigned.replace(/^[^.]+/, encode({ alg: "None" }))],
    ["with alg none and our signature", hs256(valid, { alg: "none" })],
    ["without an alg", hs256(valid, { alg: undefined })],
    ["signed by RSA", rs256(valid)],
    ["signed by RSA, said to be HS256", rs256(valid, { alg: "HS256" })],
    ["signed with a public key as HS256 secret", hs256(valid, {}, publicPem)],
    ["signed by Ed25519", edDsa(valid, ed.privateKey)],
    ["with another HMAC than HS256", hs256(valid, { alg: "HS512" })],
    ["with another secret", hs256(valid, {}, "another-secret-of-more-than-32-bytes")],
    ["with an empty secret", hs256(valid, {}, "")],
    ["with the key it brings along (jwk)", hs256(valid, { jwk }, "attacker")],
    ["with the address of a key (jku)", hs256(valid, { jku: "http://127.0.0.1:1/jwks.json" }, "attacker")],
    ["with the address of a certificate (x5u)", hs256(valid, { x5u: "http://127.0.0.1:1/cert" }, "attacker")],
    ["with a path as key id", hs256(valid, { kid: "/dev/null" }, "")],
    ["with a critical extension nobody knows", hs256(valid, { crit: ["x"], x: 1 })],
    ["with changed claims", changed],
    ["with a part missing", `${header}.${payload}`],
    ["with a part too many", `${header}.${payload}.${signature}.x`],
    ["that is empty", ""],
    ["that is garbage", "garbage"],
    ["that is a header line", `Bearer ${hs256(valid)}`],
    ["with claims that are not JSON", hs256("not json")],
    ["with claims that are a list", hs256("[1]")],
    ["over 8 kB", hs256({ ...valid, padding: "x".repeat(8_192) })],
    ["without exp", hs256({ sub: "7" })],
    ["without exp, though with iat", hs256({ sub: "7", iat: NOW_SECONDS })],
    ["with exp as text", hs256({ ...valid, exp: String(valid.exp) })],
    ["that has expired", hs256({ ...valid, exp: NOW_SECONDS - 5 })],
    ["that is not valid yet", hs256({ ...valid, nbf: NOW_SECONDS + 6 })],
    ["that is still to be issued", hs256({ ...valid, iat: NOW_SECONDS + 6 })],
    ["of type refresh", hs256({ ...valid, token_type: "refresh" })],
    ["of a type that is no text", hs256({ ...valid, token_type: 1 })],
    ["without sub and user_id", hs256({ exp: valid.exp })],
    ["with an empty sub", hs256({ ...valid, sub: "", user_id: 7 })],
    ["with a sub that is an object", hs256({ ...valid, sub: { id: 7 } })],
    ["with a sub that is a list", hs256({ ...valid, sub: ["7"] })],
    ["with a sub that is no whole number", hs256({ ...valid, sub: 7.5 })],
    ["with a NUL in sub", hs256({ ...valid, sub: "7\u0000" })],
    ["with a lone surrogate in sub", hs256({ ...valid, sub: "7\ud800" })],
    ["with a sub longer than a host id", hs256({ ...valid, sub: "7".repeat(256) })],
  ])("%s", async (_, token) => {
    await expect(verify(token)).rejects.toMatchObject(refused);
  });

  test("without saying why, but for its end", async () => {
    await expect(verify(hs256({ ...valid, exp: 1 }))).rejects.toThrow("The token has expired: log in again.");
    await expect(verify(changed)).rejects.toThrow("The token is not valid.");
  });

  test("without the issuer and audience that are asked for", async () => {
    const options = { issuer: "https://id.example", audience: "parley" };
    const claims = { ...valid, iss: options.issuer, aud: ["other", "parley"] };
    expect((await verify(hs256(claims), options)).hostId).toBe("7");
    for (const wrong of [{ iss: "https://id.example/" }, { aud: "other" }, { iss: undefined }, { aud: undefined }]) {
      await expect(verify(hs256({ ...claims, ...wrong }), options)).rejects.toMatchObject(refused);
    }
  });
});

describe("a token of our own", () => {
  const user = { hostId: "1", username: "john", displayName: "John Doe" } as const;

  test("is one that we accept", async () => {
    const token = await signToken({ ...user, secret: SECRET, ttlMs: 3_600_000, now });
    expect(await verify(token)).toEqual({
      ...user,
      tokenId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      issuedAtMs: NOW_SECONDS * 1_000,
      expiresAtMs: (NOW_SECONDS + 3_600) * 1_000,
    });
  });

  test("carries the issuer and audience that are asked for", async () => {
    const options = { issuer: "https://id.example", audience: "parley" };
    const token = await signToken({ ...user, ...options, secret: SECRET, ttlMs: 1_000, now });
    expect((await verify(token, options)).hostId).toBe("1");
  });
});

test("there is no verifier without a key", () => {
  expect(() => createTokenVerifier({})).toThrow("JWT_SECRET");
});
