import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pino } from "pino";
import { TestClock } from "../../test/clock.js";
import { makeKey, startKeyHost, type KeyHost, type SigningKey } from "../../test/key-host.js";
import { until } from "../../test/until.js";
import { createTokenVerifier } from "../tokens.js";
import { FETCH_LIMIT_MS } from "./fetch-key-set.js";
import { COOLDOWN_MS, openHostKeys, REFRESH_EVERY_MS, RETRY_EVERY_MS, type HostKeys } from "./host-keys.js";

const DAY_MS = 86_400_000;
const old = await makeKey("RS256", "old");
const next = await makeKey("ES256", "next");
const nameless = await makeKey("ES256");

let clock: TestClock;
let host: KeyHost;
let logged: string[];
let open: HostKeys[];
beforeEach(async () => {
  clock = new TestClock();
  host = await startKeyHost();
  logged = [];
  open = [];
});
afterEach(async () => {
  for (const keys of open) keys.close();
  await host.close();
});

/** A node that has fetched these keys. */
async function startWith(...published: readonly SigningKey[]) {
  host.publish(...published);
  const logger = pino({ level: "info" }, { write: (line: string) => logged.push(line) });
  const wait = { stop: new AbortController().signal, say: (line: string) => logged.push(line) };
  const keys = await openHostKeys({ url: host.url, clock, logger }, wait);
  open.push(keys);
  return { keys, verifier: createTokenVerifier({ hostKeys: keys, now: () => clock.now() }) };
}

type Node = Awaited<ReturnType<typeof startWith>>;

const tokenOf = (key: SigningKey, header?: Record<string, unknown>): Promise<string> =>
  key.sign({ sub: "7", exp: Math.floor((clock.now().getTime() + 2 * DAY_MS) / 1_000) }, header);
/** What becomes of a token: its bearer's id, or the code of the refusal. */
const fateOf = ({ verifier }: Node, token: string): Promise<string> =>
  verifier.verify(token).then(
    ({ hostId }) => hostId,
    (error: { code: string }) => error.code,
  );
const strangers = (count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => tokenOf(next, { kid: `stranger-${n}` })));

describe("when the host product changes its keys", () => {
  test("a token with the new key is believed at once, and with the old one while both are published", async () => {
    const node = await startWith(old);
    host.publish(old, next);
    expect(await fateOf(node, await tokenOf(next))).toBe("7");
    expect(await fateOf(node, await tokenOf(old))).toBe("7");
    expect(host.asked).toBe(2);
  });

  test("so it is for keys without an id, when none of those known has signed the token", async () => {
    const renewed = await makeKey("ES256");
    const node = await startWith(nameless);
    expect(await fateOf(node, await tokenOf(nameless))).toBe("7");
    host.publish(renewed);
    expect(await fateOf(node, await tokenOf(renewed))).toBe("7");
    expect(await fateOf(node, await tokenOf(nameless))).toBe("UNAUTHENTICATED");
  });

  test("a withdrawn key is not believed after the next refresh", async () => {
    const node = await startWith(old, next);
    host.publish(next);
    expect(await fateOf(node, await tokenOf(old))).toBe("7");
    clock.advance(REFRESH_EVERY_MS);
    await until(async () => (await fateOf(node, await tokenOf(old))) === "UNAUTHENTICATED", "the key to be forgotten");
    expect(await fateOf(node, await tokenOf(next))).toBe("7");
  });

  test("a set without any key withdraws all of them, and says so", async () => {
    const node = await startWith(old);
    host.publish();
    clock.advance(REFRESH_EVERY_MS);
    await until(() => node.keys.state === "none", "the keys to be forgotten");
    expect(await fateOf(node, await tokenOf(old))).toBe("UNAVAILABLE");
    expect(logged.join()).toContain("no usable key");
  });

  test("it is noticed without anybody asking, again and again", async () => {
    const node = await startWith(old);
    for (let n = 0; n < 3; n += 1) {
      host.publish();
      clock.advance(REFRESH_EVERY_MS);
      await until(() => node.keys.state === "none", "the keys to be forgotten");
      host.publish(old);
      clock.advance(RETRY_EVERY_MS);
      await until(() => node.keys.state === "current", "the keys to be learnt");
    }
  });
});

describe("tokens with keys that nobody knows", () => {
  test("make it ask the host product once in a while, however many they are", async () => {
    const node = await startWith(old);
    const tokens = await strangers(40);
    const fates = await Promise.all(tokens.map((token) => fateOf(node, token)));
    for (const token of tokens) fates.push(await fateOf(node, token));
    expect(new Set(fates)).toEqual(new Set(["UNAUTHENTICATED"]));
    expect(host.asked).toBe(2);
    clock.advance(COOLDOWN_MS);
    for (const token of tokens) await fateOf(node, token);
    expect(host.asked).toBe(3);
  });

  test("do so too when they name none, or a known one with another algorithm", async () => {
    const node = await startWith(old, nameless);
    for (let n = 0; n < 5; n += 1) {
      expect(await fateOf(node, await tokenOf(await makeKey("ES256")))).toBe("UNAUTHENTICATED");
      expect(await fateOf(node, await tokenOf(next, { kid: "old" }))).toBe("UNAUTHENTICATED");
    }
    expect(host.asked).toBe(2);
  });

  test("ask for nothing when they only pretend to be signed with a known key", async () => {
    const node = await startWith(old);
    const forged = await makeKey("RS256", "old");
    expect(await fateOf(node, await tokenOf(forged))).toBe("UNAUTHENTICATED");
    expect(host.asked).toBe(1);
  });
});

describe("while the address of the keys is down", () => {
  test("known keys go on being believed, for however long", async () => {
    const node = await startWith(old);
    host.fall();
    clock.advance(REFRESH_EVERY_MS);
    await until(() => node.keys.state === "stale", "the outage to be noticed");
    clock.advance(DAY_MS);
    expect(await fateOf(node, await tokenOf(old))).toBe("7");
    expect(node.keys.state).toBe("stale");
  });

  test("a key that is not known may be one in a moment, which the answer says", async () => {
    const { verifier } = await startWith(old);
    host.fall();
    const token = await tokenOf(next);
    for (let n = 0; n < 2; n += 1) {
      await expect(verifier.verify(token)).rejects.toMatchObject({
        code: "UNAVAILABLE",
        details: { retryAfterMs: COOLDOWN_MS },
      });
    }
  });

  test.each([
    ["breaks connections", () => host.fall(), /no connection/],
    ["fails", () => host.answer({ status: 500, body: "{}" }), /it answers 500/],
    ["shows a page", () => host.answer({ headers: { "content-type": "text/html" }, body: "<p>Oops" }), /text\/html/],
  ])("that it %s is logged when it begins and when it ends, and nothing of a token", async (_, breaks, reason) => {
    const node = await startWith(old);
    breaks();
    clock.advance(REFRESH_EVERY_MS);
    await until(() => node.keys.state === "stale", "the outage to be noticed");
    const token = await tokenOf(next);
    expect(await fateOf(node, token)).toBe("UNAVAILABLE");
    expect(logged).toEqual([expect.stringMatching(reason)]);
    host.publish(next);
    clock.advance(RETRY_EVERY_MS);
    await until(() => node.keys.state === "current", "the keys to be refreshed");
    expect(await fateOf(node, token)).toBe("7");
    expect(logged).toEqual([expect.stringContaining("can't be refreshed"), expect.stringContaining("current again")]);
    expect(logged.join()).not.toContain(token.slice(0, 20));
    expect(logged.join()).not.toContain("next");
  });

  test("an answer that does not come is not waited for without end", async () => {
    const node = await startWith(old);
    host.hang();
    const fate = fateOf(node, await tokenOf(next));
    await until(() => host.asked === 2, "the question");
    expect(await fateOf(node, await tokenOf(old))).toBe("7");
    clock.advance(FETCH_LIMIT_MS);
    expect(await fate).toBe("UNAVAILABLE");
    expect(logged.join()).toContain("no answer within 5 s");
  });
});

test("a node that has closed asks no more, and waits for nothing", async () => {
  const node = await startWith(old);
  host.hang();
  const fate = fateOf(node, await tokenOf(next));
  await until(() => host.asked === 2, "the question");
  node.keys.close();
  expect(await fate).toBe("UNAVAILABLE");
  expect(clock.pending).toBe(0);
  expect(logged).toEqual([]);
});
