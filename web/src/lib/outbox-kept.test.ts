/** @jest-environment node */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { IDBFactory } from "fake-indexeddb";
import { createTestTabs } from "../test/browser-tabs.js";
import { createOutbox, FILE, settle, useClock } from "../test/outbox.js";
import { createDatabaseStorage } from "./outbox-database.js";
import { createFallbackStorage, createMemoryStorage, type OutboxStorage } from "./outbox-storage.js";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  useClock();
});
afterEach(() => void jest.useRealTimers());

describe("what was written and not sent", () => {
  it("is there after a reload, files and all, and is sent in order", async () => {
    const before = createOutbox({ storage: createFallbackStorage(createDatabaseStorage()) });
    await before.add("1", "one");
    await before.add("1", "two", FILE);
    await before.add("1", "three");
    await before.calls[0]?.fail("NETWORK");
    // The page is gone without a word: nothing is stopped.
    const after = createOutbox({ storage: createFallbackStorage(createDatabaseStorage()) });
    await settle();
    for (const index of [0, 1, 2]) await after.calls[index]?.succeed();
    expect(after.sent()).toEqual(["key1 one", "key2 two", "key3 three"]);
    expect(await after.calls[1]?.message.file?.blob.text()).toBe("the plan");
    const again = createOutbox({ storage: createFallbackStorage(createDatabaseStorage()) });
    await settle();
    expect(again.sent()).toEqual([]);
  });

  it("is in the storage before it is sent", async () => {
    let store = (): void => undefined;
    const storage = createMemoryStorage();
    const slow: OutboxStorage = {
      ...storage,
      put: async (userId, entry) => {
        await new Promise<void>((resolve) => (store = resolve));
        await storage.put(userId, entry);
      },
    };
    const { add, sent, states } = createOutbox({ storage: slow });
    await add("1", "a");
    expect([states(), sent()]).toEqual([["a keeping"], []]);
    store();
    await settle();
    expect([states(), sent()]).toEqual([["a sending"], ["key1 a"]]);
  });

  it("keeps the reason why it was refused, and is not tried again by itself", async () => {
    const before = createOutbox({ storage: createDatabaseStorage() });
    await before.add("1", "a");
    await before.calls[0]?.fail("NOT_FOUND");
    const after = createOutbox({ storage: createDatabaseStorage() });
    await settle();
    expect([after.states(), after.sent()]).toEqual([["a failed"], []]);
    after.outbox.retry("key1");
    await settle();
    expect(after.sent()).toEqual(["key1 a"]);
  });

  it("stays on its way while the storage does not answer for a while", async () => {
    const durable = createMemoryStorage();
    let isAway = false;
    const slow: OutboxStorage = {
      ...durable,
      load: async (userId) => (isAway ? new Promise(() => undefined) : durable.load(userId)),
      remove: (userId, key) => (isAway ? new Promise(() => undefined) : durable.remove(userId, key)),
    };
    const { outbox, add, calls, sent, states } = createOutbox({ storage: createFallbackStorage(slow) });
    await add("1", "a");
    await add("1", "b", FILE);
    await add("1", "c");
    isAway = true;
    outbox.discard("key2");
    // What it was asked to forget, and what it holds.
    for (const _question of ["remove", "load"]) {
      await jest.advanceTimersByTimeAsync(3_000);
      await settle();
    }
    expect([states(), calls[0]?.watch.signal.aborted]).toEqual([["a sending", "c queued"], false]);
    await calls[0]?.succeed();
    for (const _question of ["remove", "load"]) await jest.advanceTimersByTimeAsync(3_000);
    expect(sent()).toEqual(["key1 a", "key3 c"]);
  });

  it("is sent though the storage will not take it, and says that it would not survive", async () => {
    const refuse = async (): Promise<never> => {
      throw new DOMException("Full", "QuotaExceededError");
    };
    const broken: OutboxStorage = { load: refuse, put: refuse, refuse, remove: refuse };
    const { outbox, add, calls, sent, states } = createOutbox({ storage: createFallbackStorage(broken) });
    await add("1", "a");
    await add("1", "b");
    expect(outbox.entries.get().map(({ isKept }) => isKept)).toEqual([false, false]);
    await calls[0]?.succeed();
    expect([sent(), states()]).toEqual([["key1 a", "key2 b"], ["b sending"]]);
  });
});

describe("a file that is taken back while the storage does not answer", () => {
  /** Remembers what it was given, and then answers nothing any more. */
  function createHanging() {
    const durable = createMemoryStorage();
    let isAway = false;
    const storage = createFallbackStorage({
      ...durable,
      load: (userId) => (isAway ? new Promise(() => undefined) : durable.load(userId)),
      remove: (userId, key) => (isAway ? new Promise(() => undefined) : durable.remove(userId, key)),
    });
    return { storage, hang: () => void (isAway = true) };
  }

  it("is gone at once, and is not sent when the one before it is stored", async () => {
    const { storage, hang } = createHanging();
    const { outbox, add, calls, sent, states } = createOutbox({ storage });
    await add("1", "a");
    await add("1", "b", FILE);
    await add("1", "c");
    hang();
    outbox.discard("key2");
    expect(states()).toEqual(["a sending", "c queued"]);
    await calls[0]?.store();
    expect(sent()).toEqual(["key1 a", "key3 c"]);
  });

  it("is given up at once where it was on its way", async () => {
    const { storage, hang } = createHanging();
    const { outbox, add, calls, sent, states } = createOutbox({ storage });
    await add("1", "a", FILE);
    await add("1", "b");
    hang();
    outbox.discard("key1");
    expect(calls[0]?.watch.signal.aborted).toBe(true);
    await settle();
    expect([sent(), states()]).toEqual([["key1 a", "key2 b"], ["b sending"]]);
  });
});

describe("several tabs of one browser", () => {
  function openTabs() {
    const browser = createTestTabs();
    const open = () => {
      const tab = browser.open();
      return { ...tab, ...createOutbox({ storage: createDatabaseStorage(), tabs: tab.tabs }) };
    };
    return [open(), open(), browser] as const;
  }

  it("send through one of them, and all show what waits and how it is getting on", async () => {
    const [first, second] = openTabs();
    await second.add("1", "a");
    await first.add("1", "b");
    expect([first.sent(), second.sent()]).toEqual([["key1 a"], []]);
    for (const tab of [first, second]) expect(tab.states()).toEqual(["a sending", "b queued"]);
    first.calls[0]?.watch.onProgress(0.5);
    await settle();
    expect(second.outbox.progress.get().get("key1")).toBe(0.5);
    await first.calls[0]?.succeed();
    for (const tab of [first, second]) expect(tab.states()).toEqual(["b sending"]);
    expect(second.sent()).toEqual([]);
  });

  it("retry and take back each other’s", async () => {
    const [first, second] = openTabs();
    await first.add("1", "a");
    await first.add("1", "b", FILE);
    await first.calls[0]?.fail("NOT_FOUND");
    second.outbox.discard("key2");
    second.outbox.retry("key1");
    await settle();
    expect(first.sent()).toEqual(["key1 a", "key2 b", "key1 a"]);
    for (const tab of [first, second]) expect(tab.states()).toEqual(["a sending"]);
  });

  it("go on when the one that sends is closed, in order", async () => {
    const [first, second] = openTabs();
    await first.add("1", "a");
    await second.add("1", "b");
    first.close();
    await settle();
    await second.calls[0]?.succeed();
    expect(second.sent()).toEqual(["key1 a", "key2 b"]);
  });

  it("do not wait for ever for one that sleeps", async () => {
    const [first, second] = openTabs();
    await settle();
    first.sleep();
    await second.add("1", "a");
    expect(second.sent()).toEqual([]);
    await jest.advanceTimersByTimeAsync(5_000);
    await settle();
    expect(second.sent()).toEqual(["key1 a"]);
  });

  it("go on without one that fell asleep while it waited, once the connection is back", async () => {
    const [first, second] = openTabs();
    await first.add("1", "a");
    await first.calls[0]?.fail("NETWORK");
    expect(second.states()).toEqual(["a waiting"]);
    first.sleep();
    second.outbox.resume();
    await jest.advanceTimersByTimeAsync(5_000);
    await settle();
    expect(second.sent()).toEqual(["key1 a"]);
  });

  it("understand one of an earlier version, which does not tell until when the server has put something off", async () => {
    const [first, second, browser] = openTabs();
    await first.add("1", "a");
    await first.calls[0]?.fail("RATE_LIMITED", 4_000);
    expect(second.outbox.limits.get().size).toBe(1);
    const old = browser.open().tabs.join("1", { onLead: () => undefined, onMessage: () => undefined });
    old.post({ kind: "states", states: [] });
    await settle();
    expect(second.outbox.limits.get().size).toBe(0);
  });

  it("send what one of an earlier version can't, which does not ask for it any more", async () => {
    const [first, second] = openTabs();
    await first.add("1", "a", FILE);
    await first.calls[0]?.refuseVersion();
    expect([first.states(), second.states()]).toEqual([["a outdated"], ["a queued"]]);
    await jest.advanceTimersByTimeAsync(5_000);
    await settle();
    expect([first.states(), second.states()]).toEqual([["a sending"], ["a sending"]]);
    await second.calls[0]?.succeed();
    expect([first.sent(), second.sent()]).toEqual([["key1 a"], ["key1 a"]]);
  });

  it("leave it to one that is awake", async () => {
    const [first, second] = openTabs();
    await first.add("1", "a");
    await first.calls[0]?.fail("NETWORK");
    second.outbox.resume();
    await settle();
    await jest.advanceTimersByTimeAsync(5_000);
    await settle();
    expect([first.sent(), second.sent()]).toEqual([["key1 a", "key1 a"], []]);
  });
});
