import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseCursor, roomStream } from "./stream.js";
import { createRings, type Ring } from "./feed.ring.js";
import { noSnapshots, type Delivery } from "./room-event.js";
import { parseId } from "../../platform/ids.js";
import type { RoomId } from "../rooms/room.js";

const roomId = parseId<RoomId>(1) as RoomId;
const stream = roomStream(roomId);

function delivery(seq: number): Delivery {
  return { stream, epoch: "a.1", seq, event: { kind: "room_deleted", roomId }, snapshots: noSnapshots };
}

test("a ring hands out what it holds, by number", () => {
  const ring = createRings(100).open();
  ring.push(delivery(7), 10);
  ring.push(delivery(8), 10);
  expect([6, 7, 8, 9].map((seq) => ring.at(seq)?.seq)).toEqual([undefined, 7, 8, undefined]);
});

test("the oldest event anywhere makes room for the newest, whichever ring it is in", () => {
  const rings = createRings(30);
  const [quiet, busy] = [rings.open(), rings.open()];
  quiet.push(delivery(1), 10);
  for (const seq of [1, 2, 3]) busy.push(delivery(seq), 10);
  expect(quiet.at(1)).toBeUndefined();
  expect([1, 2, 3].map((seq) => busy.at(seq)?.seq)).toEqual([1, 2, 3]);
  busy.push(delivery(4), 10);
  expect(busy.at(1)).toBeUndefined();
  expect(rings.usedBytes).toBe(30);
});

test("an event that is larger than the whole budget is not kept", () => {
  const rings = createRings(30);
  const ring = rings.open();
  ring.push(delivery(1), 31);
  expect([ring.at(1), rings.usedBytes]).toEqual([undefined, 0]);
});

test("a cleared ring gives its bytes back and costs the others nothing", () => {
  const rings = createRings(30);
  const [gone, stays] = [rings.open(), rings.open()];
  gone.push(delivery(1), 20);
  gone.clear();
  expect(rings.usedBytes).toBe(0);
  for (const seq of [1, 2, 3]) stays.push(delivery(seq), 10);
  expect([1, 2, 3].map((seq) => stays.at(seq)?.seq)).toEqual([1, 2, 3]);
});

test("whatever is pushed and cleared, the budget holds and each ring keeps its newest without holes", () => {
  const step = fc.record({
    ring: fc.nat(2),
    bytes: fc.integer({ min: 1, max: 40 }),
    clear: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const rings = createRings(100);
      const open: { ring: Ring; head: number; from: number }[] = [0, 1, 2].map(() => ({
        ring: rings.open(),
        head: 0,
        from: 1,
      }));
      for (const { ring: index, bytes, clear } of steps) {
        const place = open[index];
        if (place === undefined) continue;
        if (clear) {
          place.ring.clear();
          place.from = place.head + 1;
        } else place.ring.push(delivery((place.head += 1)), bytes);
        expect(rings.usedBytes).toBeLessThanOrEqual(100);
        for (const { ring, head, from } of open) {
          const kept = Array.from({ length: head }, (_, i) => i + 1).filter((seq) => ring.at(seq) !== undefined);
          // What is kept ends at the head and has no hole.
          expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => head - kept.length + 1 + i));
          expect(kept[0] ?? from).toBeGreaterThanOrEqual(from);
        }
      }
    }),
  );
});

test.each([
  "",
  "nonsense",
  "cjE6YWIuMTo5OTk5OTk5OTk5",
  Buffer.from("x1:ab.1:2").toString("base64url"),
  Buffer.from("r1:ab.1:-2").toString("base64url"),
])("what could never be a position (%s) needs a fresh snapshot", (cursor) => {
  expect(() => parseCursor(cursor)).toThrow(expect.objectContaining({ code: "RESYNC_REQUIRED" }));
});
