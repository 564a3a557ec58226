import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { createMemoryStorage, Outbox, type OutboxMessage, type OutboxStorage } from "./outbox.js";

interface Call {
  readonly message: OutboxMessage;
  readonly succeed: () => Promise<void>;
  readonly fail: (code: string) => Promise<void>;
}

/** An outbox whose sends are answered by the test. */
function createOutbox(storage: OutboxStorage = createMemoryStorage()) {
  const calls: Call[] = [];
  let number = 0;
  const outbox = new Outbox({
    userId: "1",
    storage,
    newId: () => `key${++number}`,
    send: (message) =>
      new Promise((resolve, reject) => {
        const settled = async (act: () => void): Promise<void> => {
          act();
          await jest.advanceTimersByTimeAsync(0);
        };
        calls.push({
          message,
          succeed: () => settled(resolve),
          fail: (code) =>
            settled(() => reject(code === "NETWORK" ? new TypeError("Failed to fetch") : { extensions: { code } })),
        });
      }),
  });
  const sent = (): string[] => calls.map(({ message }) => `${message.clientMutationId} ${message.content}`);
  const states = (): string[] => outbox.entries.get().map(({ content, state }) => `${content} ${state}`);
  return { outbox, calls, sent, states };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe("the outbox", () => {
  it("sends a room’s messages in order, one at a time, and other rooms meanwhile", async () => {
    const { outbox, calls, sent } = createOutbox();
    outbox.add("1", "a");
    outbox.add("1", "b");
    outbox.add("2", "c");
    expect(sent()).toEqual(["key1 a", "key3 c"]);
    await calls[0]?.succeed();
    expect(sent()).toEqual(["key1 a", "key3 c", "key2 b"]);
  });

  it("tries again under the same key after a lost connection, until it succeeds", async () => {
    const { outbox, calls, sent, states } = createOutbox();
    outbox.add("1", "a");
    outbox.add("1", "b");
    await calls[0]?.fail("NETWORK");
    expect(states()).toEqual(["a waiting", "b queued"]);
    await jest.advanceTimersByTimeAsync(10_000);
    await calls[1]?.fail("UNAVAILABLE");
    await jest.advanceTimersByTimeAsync(10_000);
    await calls[2]?.succeed();
    expect(sent()).toEqual(["key1 a", "key1 a", "key1 a", "key2 b"]);
  });

  it("tries at once when the connection is back", async () => {
    const { outbox, calls, sent } = createOutbox();
    outbox.add("1", "a");
    await calls[0]?.fail("NETWORK");
    outbox.resume();
    expect(sent()).toEqual(["key1 a", "key1 a"]);
  });

  it("puts a refused message aside, with the reason, and goes on", async () => {
    const { outbox, calls, sent, states } = createOutbox();
    outbox.add("1", "a");
    outbox.add("1", "b");
    await calls[0]?.fail("NOT_FOUND");
    expect(states()).toEqual(["a failed", "b sending"]);
    expect(outbox.entries.get()[0]?.reason).toMatch(/no longer there/u);
    outbox.retry("key1");
    await calls[1]?.succeed();
    expect(sent()).toEqual(["key1 a", "key2 b", "key1 a"]);
  });

  it("tries once more after a fault of the server, then gives up", async () => {
    const { outbox, calls, states } = createOutbox();
    outbox.add("1", "a");
    await calls[0]?.fail("INTERNAL_SERVER_ERROR");
    expect(states()).toEqual(["a waiting"]);
    await jest.advanceTimersByTimeAsync(10_000);
    await calls[1]?.fail("INTERNAL_SERVER_ERROR");
    expect(states()).toEqual(["a failed"]);
  });

  it("does not count a lost connection as a fault of the server", async () => {
    const { outbox, calls, states } = createOutbox();
    outbox.add("1", "a");
    await calls[0]?.fail("NETWORK");
    await jest.advanceTimersByTimeAsync(10_000);
    await calls[1]?.fail("INTERNAL_SERVER_ERROR");
    expect(states()).toEqual(["a waiting"]);
    await jest.advanceTimersByTimeAsync(10_000);
    await calls[2]?.fail("INTERNAL_SERVER_ERROR");
    expect(states()).toEqual(["a failed"]);
  });

  it("discards a refused message, and none that may be stored already", async () => {
    const { outbox, calls, states } = createOutbox();
    outbox.add("1", "a");
    outbox.discard("key1");
    expect(states()).toEqual(["a sending"]);
    await calls[0]?.fail("BAD_USER_INPUT");
    outbox.discard("key1");
    expect(states()).toEqual([]);
  });

  it("takes messages where the page came over plain HTTP, too", () => {
    const original = Object.getOwnPropertyDescriptor(crypto, "randomUUID");
    Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
    try {
      const outbox = new Outbox({ userId: "1", storage: createMemoryStorage(), send: async () => undefined });
      expect(outbox.add("1", "a").clientMutationId).toMatch(/^[0-9a-f-]{36}$/u);
    } finally {
      if (original) Object.defineProperty(crypto, "randomUUID", original);
      else Reflect.deleteProperty(crypto, "randomUUID");
    }
  });

  it("goes on in the next session of the same user", async () => {
    const storage = createMemoryStorage();
    const first = createOutbox(storage);
    first.outbox.add("1", "a");
    await first.calls[0]?.fail("UNAUTHENTICATED");
    first.outbox.stop();
    const second = createOutbox(storage);
    second.outbox.resume();
    expect(second.sent()).toEqual(["key1 a"]);
  });
});
