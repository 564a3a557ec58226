import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../config.js";
import { claimDataDir } from "../platform/data-dir.js";
import { createTokenVerifier } from "../platform/tokens.js";
import { CommandError, createToken, parseTokenRequest, resolveUserWith } from "./token.js";

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
  let server: Server;
  let answer: { readonly status: number; readonly body: string };
  beforeEach(async () => {
    server = createServer((request, response) => {
      response.statusCode = request.url === "/demo/users" ? answer.status : 500;
      response.end(answer.body);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });
  afterEach(() => new Promise((closed) => server.close(closed)));

  const users = [
    { id: 6, username: "zoe", display_name: "Zoe Ray" },
    { id: 7, username: "6", display_name: "Six" },
    { id: 8, host_id: "usr_9f", username: "max", display_name: "Max Roe" },
  ];

  async function resolve(nameOrId: string, address?: string) {
    const { port } = parseAddress(server.address());
    const claim = await claimDataDir(dir, { address: address ?? `http://127.0.0.1:${port}` });
    try {
      return await resolveUserWith(loadConfig({ DATA_DIR: dir }))(nameOrId);
    } finally {
      await claim.release();
    }
  }

  function parseAddress(address: ReturnType<Server["address"]>): AddressInfo {
    if (address === null || typeof address === "string") throw new Error("The server does not listen.");
    return address;
  }

  test("users are asked from it, the name before the id", async () => {
    answer = { status: 200, body: JSON.stringify(users) };
    expect(await resolve("zoe")).toEqual({ hostId: "6", username: "zoe", displayName: "Zoe Ray" });
    expect(await resolve("6")).toMatchObject({ hostId: "7" });
    expect(await resolve("8")).toBeUndefined();
    expect(await resolve("usr_9f")).toMatchObject({ username: "max" });
    expect(await resolve("john")).toBeUndefined();
  });

  test("a server that can't tell is reported in one line", async () => {
    answer = { status: 404, body: "{}" };
    await expect(resolve("zoe")).rejects.toThrow("not in demo mode");
    answer = { status: 200, body: "<html>" };
    await expect(resolve("zoe")).rejects.toThrow("not this version");
    await expect(resolve("zoe", "http://127.0.0.1:1")).rejects.toThrow("does not answer");
    await expect(resolve("zoe", "npm run token")).rejects.toThrow("in use by npm run token");
  });
});
