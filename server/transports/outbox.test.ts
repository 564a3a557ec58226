import { beforeEach, describe, expect, test } from "@jest/globals";
import { TestClock } from "../test/clock.js";
import { Outbox, type Wire } from "./outbox.js";
import type { Sender } from "./bursts.js";
import type { SharedFrame } from "./shared-frame.js";

const KIB = 1024;
const MIB = 1024 * KIB;

/** A socket whose other side takes as much as it is told to. */
class SlowWire implements Wire {
  isPaused = false;
  isTerminated = false;
  /** What is sent waits for `handOver`. */
  isResting = false;
  private readonly unsent: number[] = [];
  private sender: Sender | undefined;
  goneBytes = 0;

  get unsentBytes(): number {
    return this.unsent.reduce((sum, bytes) => sum + bytes, 0);
  }

  tell(sender: Sender): void {
    this.sender = sender;
  }

  send(frame: Buffer | string): void {
    this.unsent.push(Buffer.byteLength(frame));
    if (!this.isResting) this.sender?.onHandedOver();
  }

  /** The burst: the system takes so many of the frames at once. */
  handOver(frames: number): void {
    for (const bytes of this.unsent.splice(0, frames)) this.goneBytes += bytes;
    this.sender?.onHandedOver();
  }

  sendShared({ start, rest }: SharedFrame): boolean {
    if (this.isTerminated) return false;
    this.send(Buffer.concat([Buffer.from(start), rest]));
    return true;
  }

  /** The other side reads on. */
  take(frames: number): void {
    for (const bytes of this.unsent.splice(0, frames)) {
      this.goneBytes += bytes;
      this.sender?.onGone();
    }
  }

  /** As `take`, and nobody is told: what leaves was followed by more before it could be said of it. */
  takeUnnoticed(): void {
    this.goneBytes += this.unsent.shift() ?? 0;
  }

  close(): void {}

  terminate(): void {
    this.isTerminated = true;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }
}

let wire: SlowWire;
let clock: TestClock;
let stalled: number;
let outbox: Outbox;
const frame = Buffer.alloc(20 * KIB, "x");
/** One byte that many get. */
const shared: SharedFrame = { start: "", rest: Buffer.alloc(1, "x") };
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
  test("is never much more than 64 KiB ahead of its reader, and all of it arrives", async () => {
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
    expect(most).toBeGreaterThan(64 * KIB);
    expect(most).toBeLessThanOrEqual(64 * KIB + frame.length);
    expect([wire.isPaused, clock.pending]).toEqual([false, 0]);
  });

  test.each([1, 100])("is given up when %i frames are not taken for 30 seconds, and not before", async (frames) => {
    void sendAll(frames, { frames: 0 });
    await settle();
    clock.advance(29_999);
    expect(stalled).toBe(0);
    clock.advance(1);
    expect([stalled, wire.isTerminated]).toEqual([1, false]);
    clock.advance(3_000);
    expect([stalled, wire.isTerminated]).toEqual([1, true]);
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

  test("is not given up while something leaves of which nothing is heard", () => {
    for (let index = 0; index < 51; index += 1) outbox.send(frame);
    for (let round = 0; round < 50; round += 1) {
      clock.advance(20_000);
      wire.takeUnnoticed();
    }
    expect(stalled).toBe(0);
    clock.advance(31_000);
    expect(stalled).toBe(1);
  });

  test("is not given up once the reader has taken everything, however long nothing is said then", () => {
    outbox.send(frame);
    wire.take(1);
    expect(clock.pending).toBe(0);
    clock.advance(60_000);
    expect(stalled).toBe(0);
  });

  test("is behind with what was left when all was handed over, and not with what rests until then", () => {
    wire.isResting = true;
    const isBehind: boolean[] = [];
    const note = (): unknown => isBehind.push(outbox.isBehind);
    outbox.send(frame);
    note();
    wire.handOver(1);
    note();
    for (let index = 0; index < 2; index += 1) outbox.send(frame);
    wire.handOver(1);
    note();
    wire.take(1);
    note();
    expect(isBehind).toEqual([false, false, true, false]);
  });

  test("is watched no longer once all was handed over that was sent while the rest left", () => {
    wire.isResting = true;
    outbox.send(frame);
    wire.handOver(0);
    outbox.send(frame);
    wire.take(1);
    expect([outbox.isBehind, clock.pending]).toEqual([true, 1]);
    wire.handOver(1);
    expect([outbox.isBehind, clock.pending]).toEqual([false, 0]);
    clock.advance(60_000);
    expect(stalled).toBe(0);
  });

  test("makes a client wait that asks more than it reads, until it reads on", () => {
    for (let index = 0; index < 52; index += 1) outbox.send(frame);
    expect(wire.isPaused).toBe(true);
    wire.take(1);
    expect(wire.isPaused).toBe(false);
  });

  test("has room up to 64 KiB unsent, and none beyond, until its reader has taken as much as is too much", async () => {
    for (const bytes of [1, 1, 64 * KIB - 2]) outbox.send(Buffer.alloc(bytes));
    await outbox.room();
    outbox.send(Buffer.alloc(1));
    let hasRoom = false;
    const room = outbox.room().then(() => (hasRoom = true));
    await settle();
    expect([wire.unsentBytes, hasRoom]).toEqual([64 * KIB + 1, false]);
    outbox.send(Buffer.alloc(1));
    wire.take(1);
    await settle();
    expect([wire.unsentBytes, hasRoom]).toEqual([64 * KIB + 1, false]);
    wire.take(1);
    await room;
    expect(wire.unsentBytes).toBe(64 * KIB);
  });

  test("is pushed to up to 1 MiB unsent, whether or not there is room for more of its own", () => {
    outbox.send(Buffer.alloc(MIB - 1));
    expect(outbox.offer(shared)).toBe(true);
    expect([wire.unsentBytes, wire.isPaused, outbox.offer(shared)]).toEqual([MIB, false, true]);
    const before = wire.unsentBytes;
    expect([before, outbox.offer(shared), outbox.offer(shared)]).toEqual([MIB + 1, false, false]);
    expect(wire.unsentBytes).toBe(before);
    wire.take(1);
    expect(outbox.offer(shared)).toBe(true);
  });

  test("lets its client speak up to 1 MiB unsent, and not beyond, whoever made what is too much", () => {
    outbox.send(Buffer.alloc(MIB));
    expect(wire.isPaused).toBe(false);
    outbox.offer(shared);
    expect(wire.isPaused).toBe(true);
    wire.take(1);
    expect([wire.unsentBytes, wire.isPaused]).toEqual([1, false]);
    outbox.send(Buffer.alloc(MIB));
    expect(wire.isPaused).toBe(true);
  });

  test("is nothing more once it is closed, and holds nobody up", async () => {
    const sent = { frames: 0 };
    const all = sendAll(1_000, sent);
    await settle();
    const before = wire.unsentBytes;
    outbox.close();
    await all;
    clock.advance(60_000);
    expect([wire.unsentBytes, wire.isPaused, stalled, clock.pending]).toEqual([before, false, 0, 0]);
  });
});
