import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import type { Database } from "../platform/orm.js";
import { REFRESH_EVERY_MS, RETRY_AT_START_MS, RETRY_EVERY_MS } from "../platform/keys/host-keys.js";
import { TestClock } from "./clock.js";
import { makeKey, startKeyHost, type KeyHost, type SigningKey } from "./key-host.js";
import { startTestServer, type TestServer } from "./server.js";
import { until } from "./until.js";
import { openTestDatabase } from "./world.js";

// A whole server whose tokens are the host product's: no secret is shared with it.

const key = await makeKey("RS256", "2026-11");
const other = await makeKey("EdDSA", "2026-12");
const env = { JWT_SECRET: "", JWT_ISSUER: "https://id.example", JWT_AUDIENCE: "parley" } as const;
const ME = "{ chatViewer { id chatUsername } }";

let clock: TestClock;
let host: KeyHost;
let database: Database;
let said: string[];
let stop: AbortController;
let server: TestServer | undefined;
beforeEach(async () => {
  clock = new TestClock();
  host = await startKeyHost();
  host.publish(key);
  database = await openTestDatabase();
  said = [];
  stop = new AbortController();
  server = undefined;
});
afterEach(async () => {
  await (server ?? database).close();
  await host.close();
});

async function start(more: Record<string, string> = {}): Promise<TestServer> {
  const wait = { stop: stop.signal, say: (line: string) => said.push(line) };
  const parts = { database, clock, wait, webRoot: import.meta.dirname };
  server = await startTestServer(parts, { ...env, JWT_JWKS_URL: host.url, ...more });
  return server;
}

function tokenOf(sub: string, signer: SigningKey = key): Promise<string> {
  const exp = Math.floor(clock.now().getTime() / 1_000) + 86_400;
  return signer.sign({ sub, exp, username: "mara", iss: env.JWT_ISSUER, aud: env.JWT_AUDIENCE });
}

describe("a server with the keys of its host product", () => {
  test("waits for them at its start, and is there when they are", async () => {
    host.fall();
    const starting = start();
    await until(() => said.length === 1, "a word about the waiting");
    expect(server).toBeUndefined();
    host.publish(key);
    clock.advance(RETRY_AT_START_MS);
    const { url, graphql } = await starting;
    expect((await graphql(await tokenOf("7"), ME)).data).toEqual({ chatViewer: { id: "7", chatUsername: "mara" } });
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ status: "ok", keys: "current" });
  });

  test("is not there when the waiting is ended", async () => {
    host.answer({ status: 404 });
    const starting = start();
    await until(() => said.length === 1, "a word about the waiting");
    stop.abort(new Error("stopped"));
    await expect(starting).rejects.toThrow("stopped");
  });

  test("lets in whoever they vouch for, over HTTP and WebSocket, and nobody else", async () => {
    const { graphql, socket } = await start();
    const stranger = await makeKey("RS256", "2026-11");
    const wrong = await key.sign({ sub: "7", exp: 4_000_000_000, iss: "https://other.example", aud: "parley" });
    for (const token of [await tokenOf("7", stranger), await tokenOf("7", other), wrong]) {
      expect(await graphql(token, ME)).toMatchObject({
        status: 401,
        errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
      });
      await expect(closeCode(socket(token))).resolves.toBe(4401);
    }
    const events = socket(await tokenOf("7")).iterate({ query: ME });
    expect((await events.next()).value).toMatchObject({ data: { chatViewer: { id: "7" } } });
  });

  test("goes on while they can't be refreshed, and says so", async () => {
    const { url, graphql, socket } = await start();
    const readyz = async () => {
      const response = await fetch(`${url}/readyz`);
      return { status: response.status, keys: z.object({ keys: z.string() }).parse(await response.json()).keys };
    };
    const isStale = async () =>
      /\nparley_keys_are_stale (\d)\n/.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
    expect(await isStale()).toBe("0");
    host.fall();
    clock.advance(REFRESH_EVERY_MS);
    await until(async () => (await isStale()) === "1", "the outage to be noticed");
    expect(await readyz()).toEqual({ status: 200, keys: expect.stringContaining("could not be refreshed") });
    expect((await graphql(await tokenOf("7"), ME)).status).toBe(200);
    expect(await graphql(await tokenOf("7", other), ME)).toMatchObject({
      status: 503,
      errors: [{ extensions: { code: "UNAVAILABLE", retryAfterMs: expect.any(Number) } }],
    });
    await expect(closeCode(socket(await tokenOf("7", other)))).resolves.toBe(1013);
    host.publish(other);
    clock.advance(RETRY_EVERY_MS);
    await until(async () => (await isStale()) === "0", "the keys to be refreshed");
    expect(await readyz()).toEqual({ status: 200, keys: "current" });
    expect((await graphql(await tokenOf("7", other), ME)).status).toBe(200);
    expect((await graphql(await tokenOf("7"), ME)).status).toBe(401);
  });

  test.each([
    ["is not ready", {}, 503, "unavailable"],
    ["is ready for tokens that are signed with its secret", { JWT_SECRET: "s".repeat(40) }, 200, "ok"],
  ])("%s when all of them were withdrawn", async (_, secret, status, word) => {
    const { url } = await start(secret);
    host.publish();
    clock.advance(REFRESH_EVERY_MS);
    const keys = z.object({ keys: z.string() });
    const answer = await until(async () => {
      const response = await fetch(`${url}/readyz`);
      const body: unknown = await response.json();
      return keys.parse(body).keys !== "current" && { status: response.status, body };
    }, "the keys to be forgotten");
    expect(answer).toEqual({
      status,
      body: expect.objectContaining({ status: word, keys: expect.stringContaining("no usable key") }),
    });
  });
});

/** The code with which the server closes a connection that it does not let in. */
function closeCode(client: ReturnType<TestServer["socket"]>): Promise<unknown> {
  return new Promise((resolve) => {
    client.on("closed", (event) => resolve(z.object({ code: z.number() }).parse(event).code));
    client.subscribe({ query: ME }, { next: () => {}, error: () => {}, complete: () => {} });
  });
}
