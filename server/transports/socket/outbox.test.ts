import { beforeEach, describe, expect, test } from "@jest/globals";
import { TestClock } from "../../test/clock.js";
import { Outbox, type Wire } from "./outbox.js";

const KIB = 1024;

/** A socket whose other side takes as much as it is told to. */
class SlowWire implements Wire {
  private readonly unsent: { readonly bytes: number; readonly onGone: () => void }[] = [];

  get unsentBytes(): number {
    return this.unsent.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  send(frame: Buffer | string, onGone: () => void): void {
    this.unsent.push({ bytes: Buffer.byteLength(frame), onGone });
  }

  /** The other side reads on. */
  take(frames: number): void {
    for (const { onGone } of this.unsent.splice(0, frames)) onGone();
  }

  close(): void {}
  pause(): void {}
  resume(): void {}
}

let wire: SlowWire;
let clock: TestClock;
let stalled: number;
let outbox: Outbox;
const frame = Buffer.alloc(100 * KIB, "x");
beforeEach(() => {
  wire = new SlowWire();
  clock = new TestClock();
  stalled = 0;
  outbox = new Outbox(wire, clock, () => (stalled += 1));
});

/** Sends as a session does: no more than there is room for. */
async function sendAll(count: number, sent: { frames: number }): Promise<void> {
  for (; sent.frames < count; sent.frames += 1) {
    outbox.send(frame);
    await outbox.room();
  }
}

/** Lets everything run that can. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("what goes out to a socket", () => {
  test("is never much more than 1 MiB ahead of its reader, and all of it arrives", async () => {
    const sent = { frames: 0 };
    const all = sendAll(1_000, sent);
    let most = 0;
    for (let taken = 0; taken < 1_000; taken += 1) {
      await settle();
      most = Math.max(most, wire.unsentBytes);
      wire.take(1);
    }
    await all;
    expect(sent.frames).toBe(1_000);
    expect(most).toBeGreaterThan(1_024 * KIB);
    expect(most).toBeLessThanOrEqual(1_024 * KIB + frame.length);
  });

  test("is given up when the reader takes nothing for 30 seconds, and not before", async () => {
    void sendAll(100, { frames: 0 });
    await settle();
    clock.advance(29_999);
    expect(stalled).toBe(0);
    clock.advance(1);
    expect(stalled).toBe(1);
  });

  test("is not given up while the reader takes a little", async () => {
    void sendAll(100, { frames: 0 });
    for (let round = 0; round < 50; round += 1) {
      await settle();
      clock.advance(20_000);
      wire.take(1);
    }
    expect(stalled).toBe(0);
  });

  test("is nothing more once it is closed, and holds nobody up", async () => {
    const sent = { frames: 0 };
    const all = sendAll(1_000, sent);
    await settle();
    const before = wire.unsentBytes;
    outbox.close();
    await all;
    clock.advance(60_000);
    expect([wire.unsentBytes, stalled, clock.pending]).toEqual([before, 0, 0]);
  });
});
