import { beforeEach, describe, expect, test } from "@jest/globals";
import { TestClock } from "../../test/clock.js";
import { parseId, type UserId } from "../../platform/ids.js";
import type { RoomId } from "../rooms/room.js";
import type { EphemeralMessage } from "./feed.actions.js";
import { Hub, type LogReader } from "./feed.hub.js";
import { parseFeedMessage } from "./feed.message.js";
import type { Head } from "./feed.queries.js";
import { createRings } from "./feed.ring.js";
import { noSnapshots, type Delivery, type EphemeralEvent } from "./room-event.js";
import { roomStream } from "./stream.js";

const roomId = parseId<RoomId>(1) as RoomId;
const stream = roomStream(roomId);
const userId = (id: number): UserId => parseId<UserId>(id) as UserId;

function delivery(seq: number, epoch = "a.1"): Delivery {
  return { stream, epoch, seq, event: { kind: "room_deleted", roomId }, snapshots: noSnapshots };
}

/** A log that answers when it is told to. */
class TestLog implements LogReader {
  reads = 0;
  now: Head = { stream, epoch: "a.1", seq: 0 };
  /** The log begins after this. */
  purgedTo = 0;
  failure: Error | undefined;
  hold: Promise<void> | undefined;
  page = 3;

  async read(_stream: unknown, afterSeq: number): Promise<readonly Delivery[]> {
    this.reads += 1;
    await this.hold;
    if (this.failure !== undefined) throw this.failure;
    const all = Array.from({ length: this.now.seq }, (_, index) => delivery(index + 1, this.now.epoch));
    return all.filter(({ seq }) => (seq ?? 0) > Math.max(afterSeq, this.purgedTo)).slice(0, this.page);
  }

  async head(): Promise<Head> {
    if (this.failure !== undefined) throw this.failure;
    return this.now;
  }
}

class Listener {
  moves = 0;
  readonly events: EphemeralEvent[] = [];
  moved(): void {
    this.moves += 1;
  }
  heard(message: EphemeralMessage): void {
    this.events.push(message.event);
  }
}

let log: TestLog;
let clock: TestClock;
let hub: Hub;
let listener: Listener;
beforeEach(() => {
  log = new TestLog();
  clock = new TestClock();
  hub = new Hub({ stream, epoch: "a.1", seq: 0 }, createRings(1_000_000).open(), log, clock);
  listener = new Listener();
  hub.members.add(listener);
});

function commit(seq: number): Delivery {
  log.now = { ...log.now, seq };
  return delivery(seq, log.now.epoch);
}

/** As the broker brings it, which may be anything. */
function bring(message: Readonly<Record<keyof Delivery, unknown>>): void {
  const brought = parseFeedMessage(JSON.stringify({ delivery: message }), stream);
  if ("delivery" in brought) hub.receive(brought.delivery, 10);
}

const held = (): readonly number[] =>
  Array.from({ length: 20 }, (_, index) => index + 1).filter((seq) => hub.recent(seq) !== undefined);

describe("numbered events", () => {
  test("one after the other move the head, without a look at the log", () => {
    for (const seq of [1, 2, 3]) hub.receive(commit(seq), 10);
    expect([hub.head, held(), listener.moves, log.reads]).toEqual([3, [1, 2, 3], 3, 0]);
  });

  test("a doubled or late one is dropped", () => {
    for (const seq of [1, 2]) hub.receive(commit(seq), 10);
    hub.receive(delivery(1), 10);
    hub.receive(delivery(2), 10);
    expect([hub.head, held(), listener.moves]).toEqual([2, [1, 2], 2]);
  });

  test("a deletion is told of, whatever is in memory before it", () => {
    const events = [
      { kind: "message_sent" },
      { kind: "message_sent", message: { id: 7, attachment: null } },
      { kind: "message_deleted", roomId, messageId: 7, lastMessageId: null },
    ];
    for (const [index, event] of events.entries()) bring({ ...commit(index + 1), event });
    expect([hub.head, held(), listener.moves]).toEqual([3, [3], 3]);
  });

  test("a gap is read from the log, page by page", async () => {
    hub.receive(commit(8), 10);
    await hub.heal();
    expect([hub.head, held()]).toEqual([8, [1, 2, 3, 4, 5, 6, 7, 8]]);
    expect(log.reads).toBe(3);
  });

  test("many gaps seen at once are one reading", async () => {
    for (const seq of [3, 2, 3]) hub.receive(commit(seq), 10);
    log.now = { ...log.now, seq: 3 };
    await Promise.all([hub.heal(), hub.heal()]);
    expect([hub.head, log.reads]).toEqual([3, 1]);
  });

  test("what the broker brings during the reading is not read again, and nothing is doubled", async () => {
    let go = (): void => {};
    log.hold = new Promise((resolve) => (go = resolve));
    hub.receive(commit(3), 10);
    for (const seq of [1, 2, 3, 4]) hub.receive(delivery(seq), 10);
    log.now = { ...log.now, seq: 4 };
    go();
    await hub.heal();
    expect([hub.head, held()]).toEqual([4, [1, 2, 3, 4]]);
  });

  test("what is learned at the very end of a reading is read too", async () => {
    hub.receive(commit(2), 10);
    const first = hub.heal();
    void first.then(() => hub.hint("a.1", commit(5).seq ?? 0));
    await first;
    await hub.heal();
    expect(hub.head).toBe(5);
  });

  test("a reading that fails halfway has told what it had, and is taken up again by the next look", async () => {
    hub.receive(commit(5), 10);
    log.failure = new Error("the database is away");
    await expect(hub.heal()).rejects.toThrow("away");
    log.failure = undefined;
    await hub.heal();
    expect([hub.head, held()]).toEqual([5, [1, 2, 3, 4, 5]]);
  });

  test("a hint that promises too much is believed once", async () => {
    log.now = { ...log.now, seq: 2 };
    hub.hint("a.1", 9);
    await hub.heal();
    expect(hub.head).toBe(2);
    const reads = log.reads;
    await hub.heal();
    expect(log.reads).toBe(reads);
  });

  test("members are told of what was read before an event that the log does not have yet", async () => {
    log.now = { ...log.now, seq: 1 };
    hub.hint("a.1", 2);
    await hub.heal();
    expect([hub.head, listener.moves]).toEqual([1, 1]);
  });

  test("a log that no longer reaches back moves the head without a ring: followers find out in the log", async () => {
    log.purgedTo = 4;
    hub.receive(commit(6), 10);
    await hub.heal();
    expect([hub.head, held(), listener.moves]).toEqual([6, [], 1]);
  });
});

describe("another epoch", () => {
  test("is believed when the log says so, also when its numbers are lower", async () => {
    for (const seq of [1, 2, 3]) hub.receive(commit(seq), 10);
    log.now = { stream, epoch: "b.1", seq: 2 };
    hub.receive(delivery(2, "b.1"), 10);
    await hub.heal();
    expect([hub.epoch, hub.head, held(), listener.moves]).toEqual(["b.1", 2, [], 4]);
  });

  test("in a straggler from before is not", async () => {
    log.now = { stream, epoch: "b.1", seq: 0 };
    hub.receive(delivery(9, "b.1"), 10);
    await hub.heal();
    hub.receive(commit(1), 10);
    hub.receive(delivery(7, "a.1"), 10);
    await hub.heal();
    expect([hub.epoch, hub.head, held()]).toEqual(["b.1", 1, [1]]);
  });
});

describe("events that may be lost", () => {
  const typing = (who: number, isTyping = true): EphemeralMessage => {
    const event = { kind: "typing_changed", roomId, userId: userId(who), isTyping } as const;
    const expires = isTyping ? { afterMs: 3_000, event: { ...event, isTyping: false } } : undefined;
    return {
      stream,
      event,
      snapshots: noSnapshots,
      key: `typing:${who}`,
      ...(expires === undefined ? { ends: true } : { expires }),
    };
  };
  const heard = (): readonly string[] =>
    listener.events.map((event) =>
      event.kind === "typing_changed" ? `${event.userId}${event.isTyping ? "+" : "-"}` : event.kind,
    );

  test("a state is told once, however often it is repeated, and ends by itself", () => {
    hub.hear(typing(1));
    clock.advance(2_000);
    hub.hear(typing(1));
    clock.advance(2_999);
    expect(heard()).toEqual(["1+"]);
    clock.advance(1);
    expect(heard()).toEqual(["1+", "1-"]);
    clock.advance(10_000);
    expect(heard()).toEqual(["1+", "1-"]);
  });

  test("its end is told at once, and only when its beginning was", () => {
    hub.hear(typing(1));
    hub.hear(typing(1, false));
    hub.hear(typing(2, false));
    clock.advance(10_000);
    expect(heard()).toEqual(["1+", "1-"]);
  });

  test("a paced group is told one at a time, the newest of each key", () => {
    const read = (who: number, at: string): EphemeralMessage => ({
      stream,
      event: {
        kind: "others_read_moved",
        read: { roomId, userId: userId(who), lastReadAt: at, lastReadMessageId: null },
      },
      snapshots: noSnapshots,
      key: `read:${who}`,
      pace: { group: "read", everyMs: 1_000 },
    });
    const told = (): readonly string[] =>
      listener.events.map((event) =>
        event.kind === "others_read_moved" ? `${event.read.userId}@${event.read.lastReadAt}` : "",
      );
    for (const [who, at] of [
      [1, "a"],
      [2, "a"],
      [1, "b"],
      [2, "b"],
      [1, "c"],
    ] as const)
      hub.hear(read(who, at));
    expect(told()).toEqual(["1@a"]);
    clock.advance(1_000);
    expect(told()).toEqual(["1@a", "2@b"]);
    clock.advance(1_000);
    expect(told()).toEqual(["1@a", "2@b", "1@c"]);
    clock.advance(5_000);
    hub.hear(read(1, "d"));
    expect(told()).toHaveLength(4);
  });

  test("a closed hub hears nothing more and leaves no timer behind", () => {
    hub.hear(typing(1));
    hub.close();
    hub.hear(typing(2));
    hub.receive(delivery(1), 10);
    clock.advance(10_000);
    expect([heard(), hub.head, clock.pending]).toEqual([["1+"], 0, 0]);
  });
});
