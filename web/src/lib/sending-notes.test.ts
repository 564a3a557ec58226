import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { createOutbox, FILE, settle, useClock } from "../test/outbox.js";
import { createFallbackStorage, createMemoryStorage, type OutboxStorage } from "./outbox-storage.js";
import { createSendingNotes } from "./sending-notes.js";

const never = (): Promise<never> => new Promise(() => undefined);

/** A storage whose entries outlive the pages that use it. */
function createDurable(): OutboxStorage {
  const memory = createMemoryStorage();
  const load = async (userId: string) => (await memory.load(userId)).map((entry) => ({ ...entry, isKept: true }));
  return { ...memory, load };
}

/** A page of John's, as it has just been opened. */
const openPage = (storage: OutboxStorage) => createOutbox({ storage, notes: createSendingNotes("1") });
const noted = (): readonly string[] => Object.keys(window.localStorage);

beforeEach(() => useClock());
afterEach(() => {
  jest.useRealTimers();
  window.localStorage.clear();
});

describe("what was sent before the page went away", () => {
  it("is sent once under the same key by the next page, where the storage had not got it", async () => {
    const storage = createDurable();
    const before = openPage({ ...storage, put: never });
    void before.outbox.add("7", "a text");
    expect(noted()).toEqual(["parley.sending.1.7.key1"]);
    await settle();
    const after = openPage(storage);
    await settle();
    expect([before.sent(), after.sent(), noted()]).toEqual([[], ["key1 a text"], []]);
    expect(after.calls[0]?.message.roomId).toBe("7");
    await after.calls[0]?.succeed();
    const last = openPage(storage);
    await settle();
    expect([after.sent(), last.sent()]).toEqual([["key1 a text"], []]);
  });

  it("is sent once under the same key by the next page, where the storage had it and had not said so", async () => {
    const storage = createDurable();
    const put: OutboxStorage["put"] = async (userId, entry) => {
      await storage.put(userId, entry);
      return never();
    };
    const before = openPage({ ...storage, put });
    await before.add("7", "a text");
    const after = openPage(storage);
    await settle();
    expect(after.states()).toEqual(["a text sending"]);
    await after.calls[0]?.succeed();
    const last = openPage(storage);
    await settle();
    expect([before.sent(), after.sent(), last.sent(), noted()]).toEqual([[], ["key1 a text"], [], []]);
  });

  it("is sent in its order, with its time, to the letter", async () => {
    const before = openPage({ ...createDurable(), put: never });
    // As many as that their keys are in another order.
    const texts = Array.from({ length: 11 }, (_, index) => ` ${index}.\n\nand on`);
    for (const text of texts) {
      await before.add("7", text);
      await jest.advanceTimersByTimeAsync(1);
    }
    const times = before.outbox.entries.get().map(({ createdAt }) => createdAt);
    const after = openPage(createDurable());
    await settle();
    for (const index of texts.keys()) await after.calls[index]?.store();
    expect(after.calls.map(({ message }) => message.content)).toEqual(texts);
    expect(after.calls.map(({ message }) => message.createdAt)).toEqual(times);
  });

  it("is nobody else’s", async () => {
    await openPage({ ...createDurable(), put: never }).add("7", "a text");
    const notes = createSendingNotes("2");
    const stranger = createOutbox({ storage: createDurable(), notes, userId: "2" });
    await settle();
    expect([stranger.sent(), noted()]).toEqual([[], ["parley.sending.1.7.key1"]]);
  });
});

describe("a note of what was sent", () => {
  const refuse = (): Promise<never> => Promise.reject(new DOMException("Full", "QuotaExceededError"));
  const broken: OutboxStorage = { load: refuse, put: refuse, refuse, remove: refuse };

  it("is forgotten when the storage has the text, before that is sent", async () => {
    const { add, states } = openPage(createDurable());
    await add("7", "a text");
    expect([states(), noted()]).toEqual([["a text sending"], []]);
  });

  it("stays where nothing can be stored, until the message is", async () => {
    const before = openPage(createFallbackStorage(broken));
    await before.add("7", "a text");
    expect([before.sent(), noted()]).toEqual([["key1 a text"], ["parley.sending.1.7.key1"]]);
    const after = openPage(createFallbackStorage(broken));
    await settle();
    expect([after.sent(), noted()]).toEqual([["key1 a text"], ["parley.sending.1.7.key1"]]);
    await after.calls[0]?.store();
    expect(noted()).toEqual([]);
  });

  it("stays where nothing can be stored, until the message is taken back", async () => {
    const { outbox, add, calls } = openPage(createFallbackStorage(broken));
    await add("7", "a text");
    await calls[0]?.fail("NOT_FOUND");
    expect(noted()).toHaveLength(1);
    outbox.discard("key1");
    expect(noted()).toEqual([]);
  });

  it("is not made of words beside a file, which stay where they were", () => {
    void openPage({ ...createDurable(), put: never }).outbox.add("7", "words", { file: FILE });
    expect(noted()).toEqual([]);
  });
});
