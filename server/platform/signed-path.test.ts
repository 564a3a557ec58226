import { describe, expect, test } from "@jest/globals";
import { TestClock } from "../test/clock.js";
import { createPathSigner, type SignedPath } from "./signed-path.js";

const HOUR_MS = 3_600_000;
const PATH = "/media/a/b.png";

function open(start?: Date) {
  const clock = new TestClock(start);
  return { clock, signer: createPathSigner({ secret: "a secret", ttlMs: 6 * HOUR_MS, clock }) };
}

function parse(address: string): SignedPath {
  const url = new URL(address, "http://localhost");
  return {
    path: url.pathname,
    expires: url.searchParams.get("expires") ?? "",
    signature: url.searchParams.get("signature") ?? "",
  };
}

describe("a signed address", () => {
  test("works for at least half its time, and for no longer than all of it", () => {
    for (let minute = 0; minute < 400; minute += 7) {
      const { clock, signer } = open(new Date(Date.UTC(2026, 10, 25, 0, minute)));
      const signed = parse(signer.sign(PATH, 1));
      clock.advance(3 * HOUR_MS - 1);
      expect(signer.verify(signed, 1)).toEqual(new Date(Number(signed.expires) * 1_000));
      clock.advance(3 * HOUR_MS + 1);
      expect(signer.verify(signed, 1)).toBeUndefined();
    }
  });

  test("stays the same for a while, so that a browser has what it shows already", () => {
    const { clock, signer } = open(new Date(Date.UTC(2026, 10, 25, 0, 1)));
    const first = signer.sign(PATH, 1);
    clock.advance(2 * HOUR_MS);
    expect(signer.sign(PATH, 1)).toBe(first);
    clock.advance(HOUR_MS);
    expect(signer.sign(PATH, 1)).not.toBe(first);
  });

  test("is signed alike by every node that has the secret, and by nobody else", () => {
    const clock = new TestClock();
    const [one, two, stranger] = ["s", "s", "t"].map((secret) => createPathSigner({ secret, ttlMs: HOUR_MS, clock }));
    const address = one?.sign(PATH, 3) ?? "";
    expect(two?.sign(PATH, 3)).toBe(address);
    expect(stranger?.verify(parse(address), 3)).toBeUndefined();
  });

  test.each<[string, (signed: SignedPath) => Partial<SignedPath>, number?]>([
    ["another path", () => ({ path: "/media/a/c.png" })],
    ["a later end", ({ expires }) => ({ expires: String(Number(expires) + 1) })],
    ["an end that is no number", () => ({ expires: "1e12" })],
    ["an end beyond all time", () => ({ expires: "9".repeat(400) })],
    ["no end", () => ({ expires: "" })],
    [
      "a changed signature",
      ({ signature }) => ({ signature: signature.replace(/^./, (c) => (c === "A" ? "B" : "A")) }),
    ],
    ["a longer signature", ({ signature }) => ({ signature: `${signature}A` })],
    ["no signature", () => ({ signature: "" })],
    ["another generation", () => ({}), 2],
  ])("with %s opens nothing", (_what, change, generation = 1) => {
    const { signer } = open();
    const signed = parse(signer.sign(PATH, 1));
    expect(signer.verify(signed, 1)).toBeInstanceOf(Date);
    expect(signer.verify({ ...signed, ...change(signed) }, generation)).toBeUndefined();
  });
});
