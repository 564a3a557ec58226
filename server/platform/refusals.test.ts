import { expect, test } from "@jest/globals";
import { TestClock } from "../test/clock.js";
import { parseId, type UserId } from "./ids.js";
import { Refusals, type Refused } from "./refusals.js";

const at = (address: string): Refused => ({
  actorId: null,
  isHost: false,
  via: { transport: "rest", address, requestId: "x" },
  code: "UNAUTHENTICATED",
  subject: {},
});

test("however many strangers are refused however often, a minute has sixty lines and one for the rest", () => {
  const refusals = new Refusals(new TestClock());
  for (let times = 0; times < 3; times += 1)
    for (let host = 0; host < 1_000; host += 1) refusals.note(at(`10.0.${host >> 8}.${host & 255}`));
  const lines = refusals.take();
  expect(lines).toHaveLength(61);
  expect(lines.reduce((sum, { count }) => sum + count, 0)).toBe(3_000);
  expect(refusals.take()).toEqual([]);
});

test("what could not be written down is kept beside what came since, and is no more than a minute's", () => {
  const clock = new TestClock();
  const refusals = new Refusals(clock);
  refusals.note(at("10.1.0.1"));
  const [before] = refusals.take();
  clock.advance(60_000);
  refusals.note(at("10.1.0.1"));
  refusals.putBack(before === undefined ? [] : [before]);
  expect(refusals.take()).toEqual([{ ...before, count: 2 }]);
  for (let minute = 0; minute < 3; minute += 1) {
    const lines = refusals.take();
    for (let host = 0; host < 100; host += 1) refusals.note(at(`10.${minute}.0.${host}`));
    refusals.putBack(lines);
  }
  const lines = refusals.take();
  expect([lines.length, lines.reduce((sum, { count }) => sum + count, 0)]).toEqual([61, 300]);
});

test("whoever has a whole IPv6 network is one", () => {
  const refusals = new Refusals(new TestClock());
  for (let host = 0; host < 100; host += 1) refusals.note(at(`2001:db8:1:2::${host.toString(16)}`));
  expect(refusals.take()).toMatchObject([{ count: 100 }]);
});

test("who tries many doors is told of with five of them, and how often they tried the rest", () => {
  const refusals = new Refusals(new TestClock());
  const actorId = parseId<UserId>(7) ?? null;
  for (let roomId = 1; roomId <= 50; roomId += 1)
    refusals.note({ ...at("10.0.0.1"), actorId, code: "NOT_FOUND", subject: { roomId } });
  expect(refusals.take().map(({ subject, count }) => [subject, count])).toEqual([
    [{ roomId: 1 }, 1],
    [{ roomId: 2 }, 1],
    [{ roomId: 3 }, 1],
    [{ roomId: 4 }, 1],
    [{ roomId: 5 }, 1],
    [{}, 45],
  ]);
});
