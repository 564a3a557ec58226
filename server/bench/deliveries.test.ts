import { describe, expect, test } from "@jest/globals";
import { Deliveries, findStamp, readStamp, stampedText } from "./deliveries.js";
import { MESSAGE_BYTES } from "./plan.js";

const now = performance.now();
const stamp = (index: number) => ({ run: 1, index, atMs: now });

/** Four messages, by turns into rooms 7 and 8; two people sit in room 7 and one in room 8. */
function count(): Deliveries {
  return new Deliveries(1, 4, [7, 8], [7, 7, 8]);
}

describe("the benchmark's count of deliveries", () => {
  test("finds nothing wrong when everybody got everything once", () => {
    const deliveries = count();
    for (const [seat, index] of [
      [0, 0],
      [1, 0],
      [2, 1],
      [0, 2],
      [1, 2],
      [2, 3],
    ] as const)
      deliveries.arrived(seat, stamp(index));
    expect(deliveries.isComplete).toBe(true);
    expect(deliveries.tally()).toMatchObject({ expected: 6, delivered: 6, lost: 0, doubled: 0, disordered: 0 });
  });

  test("tells a delivery that did not come, even the last one", () => {
    const deliveries = count();
    for (const [seat, index] of [
      [0, 0],
      [1, 0],
      [2, 1],
      [0, 2],
      [1, 2],
    ] as const)
      deliveries.arrived(seat, stamp(index));
    expect(deliveries.isComplete).toBe(false);
    expect(deliveries.tally()).toMatchObject({ expected: 6, lost: 1, doubled: 0 });
  });

  test("tells a delivery that came twice, and does not take it for one that is missing", () => {
    const deliveries = count();
    for (const [seat, index] of [
      [0, 0],
      [0, 0],
      [1, 0],
      [2, 1],
      [0, 2],
      [2, 3],
    ] as const)
      deliveries.arrived(seat, stamp(index));
    expect(deliveries.isComplete).toBe(false);
    expect(deliveries.tally()).toMatchObject({ lost: 1, doubled: 1 });
  });

  test("takes the room's order from the server, and tells who got another one", () => {
    const deliveries = count();
    for (const [seat, index] of [
      [0, 2],
      [0, 0],
      [1, 0],
      [1, 2],
      [2, 1],
      [2, 3],
    ] as const)
      deliveries.arrived(seat, stamp(index));
    expect(deliveries.tally()).toMatchObject({ lost: 0, doubled: 0, disordered: 2 });
  });

  test("finds a message's stamp inside the frame that carries it", () => {
    const text = stampedText(3, 41, 1_234.5);
    expect(text).toHaveLength(MESSAGE_BYTES);
    const frame = Buffer.from(`{"content":"${text}"}`);
    expect(readStamp(frame, findStamp(frame))).toEqual({ run: 3, index: 41, atMs: 1_234.5 });
    expect(findStamp(Buffer.from('{"type":"pong"}'))).toBe(-1);
  });
});
