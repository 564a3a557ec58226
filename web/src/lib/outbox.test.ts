/** @jest-environment node */
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { createOutbox, FILE, settle, useClock } from "../test/outbox.js";
import { createMemoryStorage } from "./outbox-storage.js";
import { Outbox } from "./outbox.js";

beforeEach(useClock);
afterEach(() => void jest.useRealTimers());

describe("the outbox", () => {
  it("sends a room’s messages in order, one at a time, and other rooms meanwhile", async () => {
    const { outbox, calls, sent } = createOutbox();
    void outbox.add("1", "a");
    void outbox.add("1", "b");
    void outbox.add("2", "c");
    await settle();
    expect(sent()).toEqual(["key1 a", "key3 c"]);
    await calls[0]?.succeed();
    expect(sent()).toEqual(["key1 a", "key3 c", "key2 b"]);
  });

  it("tries again under the same key after a lost connection, until it succeeds", async () => {
    const { add, calls, sent, states } = createOutbox();
    await add("1", "a");
    await add("1", "b");
    await calls[0]?.fail("NETWORK");
    expect(states()).toEqual(["a waiting", "b queued"]);
    await jest.advanceTimersByTimeAsync(10_000);
    await calls[1]?.fail("UNAVAILABLE");
    await jest.advanceTimersByTimeAsync(10_000);
    await calls[2]?.succeed();
    expect(sent()).toEqual(["key1 a", "key1 a", "key1 a", "key2 b"]);
  });

  it("tries at once when the connection is back", async () => {
    const { outbox, add, calls, sent } = createOutbox();
    await add("1", "a");
    await calls[0]?.fail("NETWORK");
    outbox.resume();
    expect(sent()).toEqual(["key1 a", "key1 a"]);
  });

  it("comes back when the server has said, not sooner, whether or not the connection was away", async () => {
    const { outbox, add, calls, sent, states } = createOutbox();
    await add("1", "a");
    await calls[0]?.fail("RATE_LIMITED", 20_000);
    expect(states()).toEqual(["a limited"]);
    outbox.resume();
    await jest.advanceTimersByTimeAsync(19_999);
    expect(sent()).toEqual(["key1 a"]);
    // Soon after: all who were asked for the same would come back at the same moment otherwise.
    await jest.advanceTimersByTimeAsync(501);
    expect(sent()).toEqual(["key1 a", "key1 a"]);
  });

  it("says until when what is sent too fast waits, until all of the room's has been sent, in order and once", async () => {
    const { outbox, add, calls, sent } = createOutbox();
    const seconds = () =>
      [...outbox.limits.get()].map(([roomId, untilMs]) => `${roomId} ${Math.floor((untilMs - Date.now()) / 1_000)}`);
    await add("1", "a");
    await add("1", "b");
    await add("2", "c");
    await calls[0]?.fail("RATE_LIMITED", 4_000);
    expect(seconds()).toEqual(["1 4"]);
    await calls[1]?.fail("UNAVAILABLE", 4_000);
    expect(seconds()).toEqual(["1 4"]);
    await jest.advanceTimersByTimeAsync(4_500);
    // Both are tried again: the one goes on to wait for the other.
    expect(sent().slice(2).toSorted()).toEqual(["key1 a", "key3 c"]);
    const again = (text: string) => calls.findLast(({ message }) => message.content === text);
    await again("a")?.store();
    expect(outbox.limits.get().has("1")).toBe(true);
    await again("b")?.store();
    expect([...outbox.limits.get()]).toEqual([]);
    expect(sent().filter((each) => !each.endsWith("c"))).toEqual(["key1 a", "key1 a", "key2 b"]);
  });

  it("says no more that it is sent too fast when it waits for something else, or is taken back", async () => {
    const { outbox, add, calls } = createOutbox();
    await add("1", "a", FILE);
    await calls[0]?.fail("RATE_LIMITED", 4_000);
    expect(outbox.limits.get().size).toBe(1);
    await jest.advanceTimersByTimeAsync(4_500);
    await calls[1]?.fail("NETWORK");
    expect(outbox.limits.get().size).toBe(0);
    await jest.advanceTimersByTimeAsync(10_000);
    await calls[2]?.fail("RATE_LIMITED", 4_000);
    expect(outbox.limits.get().size).toBe(1);
    outbox.discard("key1");
    await settle();
    expect(outbox.limits.get().size).toBe(0);
  });

  it("puts a refused message aside, with the reason, and goes on", async () => {
    const { outbox, add, calls, sent, states } = createOutbox();
    await add("1", "a");
    await add("1", "b");
    await calls[0]?.fail("NOT_FOUND");
    expect(states()).toEqual(["a failed", "b sending"]);
    expect(outbox.entries.get()[0]?.reason).toMatch(/no longer there/u);
    outbox.retry("key1");
    await calls[1]?.succeed();
    expect(sent()).toEqual(["key1 a", "key2 b", "key1 a"]);
  });

  it("tries once more after a fault of the server, then gives up", async () => {
    const { add, calls, states } = createOutbox();
    await add("1", "a");
    await calls[0]?.fail("INTERNAL_SERVER_ERROR");
    expect(states()).toEqual(["a waiting"]);
    await jest.advanceTimersByTimeAsync(10_000);
    await calls[1]?.fail("INTERNAL_SERVER_ERROR");
    expect(states()).toEqual(["a failed"]);
  });

  it("does not count a lost connection as a fault of the server", async () => {
    const { add, calls, states } = createOutbox();
    await add("1", "a");
    await calls[0]?.fail("NETWORK");
    await jest.advanceTimersByTimeAsync(10_000);
    await calls[1]?.fail("INTERNAL_SERVER_ERROR");
    expect(states()).toEqual(["a waiting"]);
    await jest.advanceTimersByTimeAsync(10_000);
    await calls[2]?.fail("INTERNAL_SERVER_ERROR");
    expect(states()).toEqual(["a failed"]);
  });

  it("shows a stored message a moment longer, until the feed has it, and does not send it again", async () => {
    const { outbox, add, calls, sent, states } = createOutbox();
    await add("1", "a");
    await calls[0]?.store();
    outbox.resume();
    expect([states(), sent()]).toEqual([["a sending"], ["key1 a"]]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(states()).toEqual([]);
  });

  it("discards a refused message, and none that may be stored already", async () => {
    const { outbox, add, calls, states } = createOutbox();
    await add("1", "a");
    outbox.discard("key1");
    await settle();
    expect(states()).toEqual(["a sending"]);
    await calls[0]?.fail("BAD_USER_INPUT");
    outbox.discard("key1");
    await settle();
    expect(states()).toEqual([]);
  });

  it("takes messages where the page came over plain HTTP, too", () => {
    const original = Object.getOwnPropertyDescriptor(crypto, "randomUUID");
    Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
    try {
      const outbox = new Outbox({ userId: "1", storage: createMemoryStorage(), send: async () => undefined });
      void outbox.add("1", "a");
      expect(outbox.entries.get()[0]?.clientMutationId).toMatch(/^[0-9a-f-]{36}$/u);
    } finally {
      if (original) Object.defineProperty(crypto, "randomUUID", original);
      else Reflect.deleteProperty(crypto, "randomUUID");
    }
  });

  it("goes on in the next session of the same user, and in no one else’s", async () => {
    const storage = createMemoryStorage();
    const first = createOutbox({ storage });
    await first.add("1", "a");
    await first.calls[0]?.fail("UNAUTHENTICATED");
    first.outbox.stop();
    const other = createOutbox({ storage, userId: "2" });
    await settle();
    expect([other.sent(), other.states()]).toEqual([[], []]);
    const second = createOutbox({ storage });
    await settle();
    expect(second.sent()).toEqual(["key1 a"]);
  });
});

describe("a file on its way", () => {
  it("can be taken back until it has left whole", async () => {
    const { outbox, add, calls, states } = createOutbox();
    await add("1", "a", FILE);
    await add("1", "b", FILE);
    calls[0]?.watch.onProgress(0.4);
    outbox.discard("key1");
    await settle();
    expect(calls[0]?.watch.signal.aborted).toBe(true);
    expect(states()).toEqual(["b sending"]);
    calls[1]?.watch.onProgress(1);
    outbox.discard("key2");
    await settle();
    expect(states()).toEqual(["b sending"]);
  });

  it("can be taken back while it waits for another try, and until that has left whole, though it had left before", async () => {
    const { outbox, add, calls, states } = createOutbox();
    await add("1", "a", FILE);
    calls[0]?.watch.onProgress(1);
    await calls[0]?.fail("NETWORK");
    expect(states()).toEqual(["a waiting"]);
    outbox.discard("key1");
    await settle();
    expect(states()).toEqual([]);
    await add("2", "b", FILE);
    calls[1]?.watch.onProgress(1);
    await calls[1]?.fail("NETWORK");
    await jest.advanceTimersByTimeAsync(10_000);
    expect([states(), calls.length]).toEqual([["b sending"], 3]);
    outbox.discard("key2");
    await settle();
    expect([states(), calls[2]?.watch.signal.aborted]).toEqual([[], true]);
  });

  it("begins anew, under the same key, when its upload has failed", async () => {
    const { outbox, add, calls, sent } = createOutbox();
    await add("1", "a", FILE);
    calls[0]?.watch.onProgress(0.4);
    await calls[0]?.fail("PAYLOAD_TOO_LARGE");
    expect(outbox.progress.get().size).toBe(0);
    outbox.retry("key1");
    await settle();
    expect(sent()).toEqual(["key1 a", "key1 a"]);
    expect(calls[1]?.message.file?.name).toBe("plan.txt");
  });

  it("is not sent once more by a page of another version, before the connection has been away", async () => {
    const { outbox, add, calls, sent, states } = createOutbox();
    await add("2", "b");
    await add("1", "a", FILE);
    await calls[0]?.fail("RATE_LIMITED", 4_000);
    await calls[1]?.refuseVersion();
    await add("3", "c");
    await jest.advanceTimersByTimeAsync(600_000);
    expect(sent()).toEqual(["key1 b", "key2 a"]);
    expect(states()).toEqual(["b outdated", "a outdated", "c outdated"]);
    expect([outbox.limits.get().size, outbox.progress.get().size]).toEqual([0, 0]);
    outbox.resume();
    await settle();
    for (const { succeed } of calls.slice(2)) await succeed();
    expect(states()).toEqual([]);
  });
});
