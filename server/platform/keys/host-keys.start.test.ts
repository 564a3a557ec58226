import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { exportJWK, generateSecret, type JWK } from "jose";
import { pino } from "pino";
import { TestClock } from "../../test/clock.js";
import { makeKey, startKeyHost, type KeyHost } from "../../test/key-host.js";
import { until } from "../../test/until.js";
import { FETCH_LIMIT_MS, MAX_KEY_SET_BYTES } from "./fetch-key-set.js";
import { SAY_AGAIN_MS } from "../wait.js";
import { openHostKeys, RETRY_AT_START_MS, type HostKeys } from "./host-keys.js";

const good = await makeKey("PS256", "good");
const weakRsa: JWK = { ...generateKeyPairSync("rsa", { modulusLength: 1_024 }).publicKey.export({ format: "jwk" }) };
const secret = await exportJWK(await generateSecret("HS256", { extractable: true }));
const privateJwk = await exportJWK((await makeKey("ES256")).privateKey);

let clock: TestClock;
let host: KeyHost;
let said: string[];
let stop: AbortController;
let opened: HostKeys | undefined;
beforeEach(async () => {
  clock = new TestClock();
  host = await startKeyHost();
  said = [];
  stop = new AbortController();
  opened = undefined;
});
afterEach(async () => {
  opened?.close();
  await host.close();
});

/** Starts waiting for keys. */
function open(url = host.url): Promise<void> {
  const settings = { url, clock, logger: pino({ level: "silent" }) };
  const wait = { stop: stop.signal, say: (line: string) => said.push(line) };
  return openHostKeys(settings, wait).then((keys) => void (opened = keys));
}

const saying = (count: number): Promise<unknown> => until(() => said.length >= count, "a word about the waiting");

describe("a start waits while the address", () => {
  test.each<[string, () => void, RegExp]>([
    ["breaks connections", () => host.fall(), /: no connection \(\w+\)\./],
    ["knows nothing of keys", () => host.answer({ status: 404 }), /: it answers 404\./],
    ["fails", () => host.answer({ status: 503 }), /: it answers 503\./],
    ["sends it elsewhere", () => host.answer({ status: 302, headers: { location: "/" } }), /: it redirects \(302\)/],
    [
      "shows a page",
      () => host.answer({ headers: { "content-type": "text/html" }, body: "<html>" }),
      /: its answer \(text\/html\) is no JSON Web Key Set/,
    ],
    ["answers with nothing", () => host.answer({}), /is no JSON Web Key Set/],
    ["answers with other JSON", () => host.answer({ body: '[{"kty":"RSA"}]' }), /is no JSON Web Key Set/],
    ["has a list that is none", () => host.answer({ body: '{"keys":{}}' }), /is no JSON Web Key Set/],
    [
      "answers without an end",
      () => host.answer({ body: `{"keys":[],"x":"${"x".repeat(MAX_KEY_SET_BYTES)}"}` }),
      /: it answers more than 256 KiB\./,
    ],
    ["has no keys", () => host.publish(), /: there is no usable key/],
    ["has keys that are nonsense", () => host.answer({ body: '{"keys":[null,7,{},{"kty":"RSA"}]}' }), /no usable key/],
    ["publishes a secret", () => host.publish({ ...secret, alg: "HS256" }), /no usable key/],
    ["publishes a private key", () => host.publish(privateJwk), /no usable key/],
    ["has RSA keys of 1024 bits", () => host.publish(weakRsa), /no usable key/],
    ["has keys to encrypt with", () => host.publish({ ...good.jwk, use: "enc" }), /no usable key/],
    ["has keys of other algorithms", () => host.publish({ ...good.jwk, alg: "RSA-OAEP" }), /no usable key/],
  ])("%s, says so, and goes on when there are keys", async (_, breaks, words) => {
    breaks();
    const opening = open();
    await saying(1);
    expect(said).toEqual([expect.stringMatching(words)]);
    expect(said[0]).toContain(`Waiting for the keys of JWT_JWKS_URL. ${host.url}: `);
    host.publish(good);
    clock.advance(RETRY_AT_START_MS);
    await opening;
    expect(opened?.state).toBe("current");
    expect(said.length).toBe(1);
  });

  test("takes the question and gives no answer", async () => {
    host.hang();
    const opening = open();
    await until(() => host.asked === 1, "the question");
    clock.advance(FETCH_LIMIT_MS);
    await saying(1);
    expect(said[0]).toContain(": no answer within 5 s.");
    host.publish(good);
    clock.advance(RETRY_AT_START_MS);
    await opening;
  });
});

test("one bad key in a set does no harm to the good ones", async () => {
  host.answer({ body: JSON.stringify({ keys: [null, { kty: "RSA", kid: "good" }, secret, weakRsa, good.jwk] }) });
  await open();
  expect(opened?.state).toBe("current");
});

test("it says again why it waits when the reason changes, and after a while", async () => {
  host.answer({ status: 404 });
  const opening = open();
  await saying(1);
  host.answer({ status: 500 });
  clock.advance(RETRY_AT_START_MS);
  await saying(2);
  clock.advance(SAY_AGAIN_MS);
  await saying(3);
  expect(said.map((line) => /it answers \d+/.exec(line)?.[0])).toEqual([
    "it answers 404",
    "it answers 500",
    "it answers 500",
  ]);
  host.publish(good);
  clock.advance(RETRY_AT_START_MS);
  await opening;
  expect(said.length).toBe(3);
});

test("what stands after the path of the address is not shown", async () => {
  host.answer({ status: 404 });
  const opening = open(`${host.url}?code=hidden#hidden`);
  await saying(1);
  expect(said[0]).toContain(`${host.url}: `);
  expect(said[0]).not.toContain("hidden");
  host.publish(good);
  clock.advance(RETRY_AT_START_MS);
  await opening;
});

describe("the waiting ends when it is told to", () => {
  test("before it begins", async () => {
    stop.abort(new Error("stopped"));
    await expect(open()).rejects.toThrow("stopped");
    expect(host.asked).toBe(0);
  });

  test("between two questions", async () => {
    host.fall();
    const opening = open();
    await saying(1);
    stop.abort(new Error("stopped"));
    await expect(opening).rejects.toThrow("stopped");
    expect(clock.pending).toBe(0);
  });

  test("in the middle of one", async () => {
    host.hang();
    const opening = open();
    await until(() => host.asked === 1, "the question");
    stop.abort(new Error("stopped"));
    await expect(opening).rejects.toThrow("stopped");
    expect(said).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
