import { expect, test } from "@jest/globals";
import { TestClock } from "../test/clock.js";
import { HEARTBEAT_MS, startHeartbeat } from "./heartbeat.js";

function start({ answers, isHeldUp = false }: { readonly answers: boolean; readonly isHeldUp?: boolean }) {
  const clock = new TestClock();
  const seen = { pings: 0, ended: 0 };
  const heartbeat = startHeartbeat(
    {
      ping() {
        seen.pings += 1;
        if (answers) heartbeat.alive();
      },
      terminate: () => (seen.ended += 1),
      isHeldUp: () => isHeldUp,
    },
    clock,
  );
  return { clock, seen, heartbeat };
}

test("who answers is asked every 12 seconds and stays", () => {
  const { clock, seen } = start({ answers: true });
  for (let beat = 0; beat < 10; beat += 1) clock.advance(HEARTBEAT_MS);
  expect(seen).toEqual({ pings: 10, ended: 0 });
});

test("who does not answer until the next beat is gone, and not asked any more", () => {
  const { clock, seen } = start({ answers: false });
  clock.advance(2 * HEARTBEAT_MS - 1);
  expect(seen).toEqual({ pings: 1, ended: 0 });
  clock.advance(1);
  clock.advance(10 * HEARTBEAT_MS);
  expect(seen).toEqual({ pings: 1, ended: 1 });
});

test("who can't be heard, because we don't read or they have more to read, is not taken for dead", () => {
  const { clock, seen } = start({ answers: false, isHeldUp: true });
  clock.advance(5 * HEARTBEAT_MS);
  expect(seen).toEqual({ pings: 5, ended: 0 });
});

test("a socket that has closed is left alone", () => {
  const { clock, seen, heartbeat } = start({ answers: false });
  heartbeat.stop();
  clock.advance(5 * HEARTBEAT_MS);
  expect([seen, clock.pending]).toEqual([{ pings: 0, ended: 0 }, 0]);
});
