import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../config.js";
import { claimDataDir, type DataDirClaim } from "../platform/data-dir.js";
import type { Database } from "../platform/orm.js";
import { createTokenVerifier } from "../platform/tokens.js";
import { startTestServer, type TestServer } from "../test/server.js";
import { createWorld, type World } from "../test/world.js";
import { CommandError } from "./command.js";
import { createToken, parseTokenRequest, resolveUserWith } from "./token.js";

const SECRET = "kPq3vX9sT2wZ7bN5mL8cR4dF6gH1jK0yQw";
const HOUR_MS = 3_600_000;
const john = { hostId: "1", username: "john", displayName: "John Doe" } as const;

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "token-"));
});
afterEach(() => rm(dir, { recursive: true }));

describe("the arguments", () => {
  test("name a user and perhaps a time", () => {
    expect(parseTokenRequest(["--user", "john"])).toEqual({ user: "john", ttlMs: HOUR_MS });
    expect(parseTokenRequest(["--user=7", "--ttl", "7d"])).toEqual({ user: "7", ttlMs: 7 * 24 * HOUR_MS });
    expect(parseTokenRequest(["--help"])).toBe("help");
  });

  test.each([
    [[], "Say for whom"],
    [["--user", " "], "Say for whom"],
    [["--user"], "--user"],
    [["john"], "john"],
    [["--user", "john", "--tll", "1h"], "--tll"],
    [["--user", "john", "--ttl", "soon"], '--ttl "soon" is not a duration'],
    [["--user", "john", "--ttl", "0s"], "is not a duration"],
  ])("%j are refused in one line", (args, says) => {
    expect(() => parseTokenRequest(args)).toThrow(CommandError);
    expect(() => parseTokenRequest(args)).toThrow(says);
    expect(() => parseTokenRequest(args)).not.toThrow("\n");
  });
});

describe("a token", () => {
  test("is signed as the configured server will have it", async () => {
    const config = loadConfig({ JWT_SECRET: SECRET, JWT_ISSUER: "https://id.example", JWT_AUDIENCE: "parley" });
    const token = await createToken({ user: "john", ttlMs: HOUR_MS }, config, async () => john);
    const { issuer, audience } = config.identity;
    const claims = await createTokenVerifier({ secret: SECRET, issuer, audience }).verify(token);
    expect(claims).toMatchObject(john);
    expect(claims.expiresAtMs - (claims.issuedAtMs ?? 0)).toBe(HOUR_MS);
  });

  test("of the demo needs no server and no database", async () => {
    const config = loadConfig({ DATA_DIR: dir });
    const token = await createToken({ user: "dee", ttlMs: HOUR_MS }, config, resolveUserWith(config));
    const secret = await readFile(join(dir, "jwt-secret"), "utf8");
    expect(await createTokenVerifier({ secret }).verify(token)).toMatchObject({ hostId: "5", username: "dee" });
  });

  test("is not made for nobody, nor without a secret", async () => {
    const request = { user: "nobody", ttlMs: HOUR_MS };
    const withSecret = loadConfig({ JWT_SECRET: SECRET });
    await expect(createToken(request, withSecret, async () => undefined)).rejects.toThrow('There is no user "nobody"');
    const withoutSecret = { ...withSecret, identity: { ...withSecret.identity, jwtSecret: undefined } };
    await expect(createToken(request, withoutSecret, async () => john)).rejects.toThrow("set JWT_SECRET");
  });
});

describe("beside a running server that holds the database", () => {
  let world: World;
  let claim: DataDirClaim;
  let server: TestServer;
  beforeAll(async () => {
    world = await createWorld();
    for (const name of ["zoe", "max", "host-zoe"]) await world.person(name);
  });
  beforeEach(async () => {
    claim = await claimDataDir(dir, { address: "starting" });
    server = await startTestServer({ database: openForOneServer(world), controlKey: claim.key });
    await claim.updateAddress(server.url);
  });
  afterEach(async () => {
    await server.close();
    await claim.release();
  });
  afterAll(() => world.close());

  /** The servers of these tests come and go; their database stays. */
  const openForOneServer = ({ database }: World): Database => ({ ...database, close: async () => {} });
  const resolve = (nameOrId: string) => resolveUserWith(loadConfig({ DATA_DIR: dir }))(nameOrId);

  test("users are asked from it, whatever mode it is in, the name before the id", async () => {
    expect(await resolve("max")).toEqual({ hostId: "host-max", username: "max", displayName: "Max" });
    expect(await resolve("host-max")).toMatchObject({ username: "max" });
    expect(await resolve("host-zoe")).toMatchObject({ username: "host-zoe" });
    expect(await resolve("john")).toBeUndefined();
  });

  test("who does not know the key in the lock is told nothing", async () => {
    for (const authorization of [undefined, "Bearer ", "Bearer wrong", claim.key, `Bearer ${claim.key}x`]) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const response = await fetch(`${server.url}/control/users?name=zoe`, { headers });
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain("zoe");
    }
  });

  test("a server that can't tell is reported in one line", async () => {
    await claim.updateAddress("http://127.0.0.1:1");
    await expect(resolve("zoe")).rejects.toThrow("does not answer");
    await claim.updateAddress("npm run token");
    await expect(resolve("zoe")).rejects.toThrow("in use by npm run token");
    await claim.release();
    const other = await claimDataDir(dir, { address: server.url });
    await expect(resolve("zoe")).rejects.toThrow("not this version");
    await other.release();
  });
});
