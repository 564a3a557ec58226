import { expect, test } from "@jest/globals";
import { TestClock } from "../test/clock.js";
import { Deadline } from "./deadline.js";

const LIMIT_MS = 5_000;
const TOO_LATE = { code: "UNAVAILABLE", details: { retryAfterMs: 1_000 } };

function start(): { clock: TestClock; deadline: Deadline } {
  const clock = new TestClock();
  return { clock, deadline: new Deadline(clock, LIMIT_MS) };
}

const never = (): Promise<never> => new Promise(() => {});

test("what comes in time is passed on, refusals too, and no timer is left", async () => {
  const { clock, deadline } = start();
  const slow = Promise.withResolvers<string>();
  const both = [deadline.wait(slow.promise), deadline.wait(Promise.reject(new Error("no")))] as const;
  await expect(both[1]).rejects.toThrow("no");
  expect(clock.pending).toBe(1);
  clock.advance(LIMIT_MS - 1);
  slow.resolve("yes");
  expect([await both[0], clock.pending]).toEqual(["yes", 0]);
});

test("all that is waited for ends when time is up, and nothing is begun then", async () => {
  const { clock, deadline } = start();
  const waiting = [deadline.wait(never()), deadline.wait(never())];
  clock.advance(LIMIT_MS);
  for (const each of waiting) await expect(each).rejects.toMatchObject(TOO_LATE);
  expect(() => deadline.require()).toThrow(expect.objectContaining(TOO_LATE));
  const begun: string[] = [];
  await expect(deadline.finish(async () => begun.push("a change"))).rejects.toMatchObject(TOO_LATE);
  await expect(deadline.wait(never())).rejects.toMatchObject(TOO_LATE);
  expect([begun, clock.pending]).toEqual([[], 0]);
});

test("a change takes as long as it takes, and time begins anew after it", async () => {
  const { clock, deadline } = start();
  // It was read for what came before, and given up.
  const abandoned = deadline.wait(never());
  const change = Promise.withResolvers<string>();
  const changed = deadline.finish(() => change.promise);
  clock.advance(10 * LIMIT_MS);
  deadline.require();
  change.resolve("done");
  expect(await changed).toBe("done");
  const reading = deadline.wait(never());
  clock.advance(LIMIT_MS - 1);
  deadline.require();
  clock.advance(1);
  await expect(reading).rejects.toMatchObject(TOO_LATE);
  await expect(Promise.race([abandoned, Promise.resolve("still waits")])).resolves.toBe("still waits");
});

test("so it does after one that fails", async () => {
  const { clock, deadline } = start();
  await expect(deadline.finish(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  clock.advance(LIMIT_MS);
  expect(() => deadline.require()).toThrow(expect.objectContaining(TOO_LATE));
});

test.each([
  ["ahead", 60_000],
  ["back", -60_000],
])("a clock that is set %s ends nothing sooner or later", async (_where, byMs) => {
  const { clock, deadline } = start();
  clock.set(byMs);
  deadline.require();
  const reading = deadline.wait(never());
  clock.advance(LIMIT_MS - 1);
  clock.set(byMs);
  deadline.require();
  clock.advance(1);
  await expect(reading).rejects.toMatchObject(TOO_LATE);
  expect(() => deadline.require()).toThrow(expect.objectContaining(TOO_LATE));
});
