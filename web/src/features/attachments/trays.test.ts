import { describe, expect, it, jest } from "@jest/globals";
import { createMemoryTrays, type TrayStorage } from "../../lib/tray-storage.js";
import { fileProblem } from "./attachment-limits.js";
import { NO_INTAKE, Trays } from "./trays.js";

const MEGABYTE = 1_024 * 1_024;
const text = (name: string, content = "x"): File => new File([content], name, { type: "text/plain" });

/** A file that was moved away after it was chosen. */
function goneFile(name: string): File {
  const file = text(name);
  file.arrayBuffer = () => Promise.reject(new DOMException("Gone", "NotFoundError"));
  return file;
}

/** John's trays, or somebody else's, as a page that has just been opened has them. */
async function openTrays(storage: TrayStorage = createMemoryTrays(), userId = "1") {
  const trays = new Trays({ userId, storage });
  await storage.load(userId).catch(() => undefined);
  const names = (roomId: string): string[] =>
    trays.files
      .get()
      .filter((each) => each.roomId === roomId)
      .map(({ file }) => file.name);
  return { trays, names, intake: () => trays.intakes.get().get("7") ?? NO_INTAKE };
}

/** Two tabs of John's over one storage. */
function openTabs() {
  const storage = createMemoryTrays();
  const [first, second] = [channel(), channel()];
  first.other = second;
  second.other = first;
  return [first, second].map((each) => new Trays({ userId: "1", storage, channel: each }));
}

interface TestChannel extends Pick<BroadcastChannel, "onmessage" | "postMessage" | "close"> {
  other: TestChannel | null;
}

function channel(): TestChannel {
  const own: TestChannel = {
    other: null,
    onmessage: null,
    postMessage: (data: unknown) => {
      const message = new MessageEvent("message", { data });
      own.other?.onmessage?.call(window.opener, message);
    },
    close: () => undefined,
  };
  return own;
}

describe("a file that is chosen", () => {
  it("is refused for its type, its size or its emptiness in words that say what could be sent", () => {
    expect(fileProblem({ name: "page.HTML", size: 1 })).toMatch(/not accepted\. Allowed are jpg.*txt\.$/u);
    expect(fileProblem({ name: "txt", size: 1 })).toMatch(/not accepted/u);
    expect(fileProblem({ name: "a.txt", size: 0 })).toMatch(/empty/u);
    expect(fileProblem({ name: "a.pdf", size: 10 * MEGABYTE + 1 })).toMatch(/at most 10 MB/u);
    expect(fileProblem({ name: "a.pdf", size: 2 * MEGABYTE }, MEGABYTE)).toMatch(/it has 2\.0 MB, .* at most 1 MB\.$/u);
    expect(fileProblem({ name: "a.b.PDF", size: 10 * MEGABYTE })).toBeNull();
  });
});

describe("the tray of a room", () => {
  it("takes what can be sent, and says of the others why not", async () => {
    const { trays, names, intake } = await openTrays();
    await trays.add("7", [text("a.txt"), text("b.zip"), goneFile("c.txt")]);
    expect(names("7")).toEqual(["a.txt"]);
    expect(intake().problems).toEqual([
      expect.stringContaining("“b.zip” can’t be sent"),
      "“c.txt” can’t be sent: it could not be read.",
    ]);
    trays.dismiss("7");
    expect(intake().problems).toEqual([]);
  });

  it("is full with ten files, and names those that it leaves out", async () => {
    const { trays, names, intake } = await openTrays();
    const eleven = Array.from({ length: 11 }, (_, index) => text(`${index}.txt`));
    await trays.add("7", eleven);
    expect(names("7")).toHaveLength(10);
    expect(intake().problems).toEqual(["At most 10 files can be sent at once. Left out: “10.txt”."]);
  });

  it("is being read until all that was put in is, and says of each what it could not take", async () => {
    const { trays, names, intake } = await openTrays();
    const slow = text("slow.txt");
    const read = Promise.withResolvers<ArrayBuffer>();
    slow.arrayBuffer = () => read.promise;
    const first = trays.add("7", [slow]);
    await trays.add("7", [text("b.zip")]);
    expect(intake().readings).toBe(1);
    read.resolve(new ArrayBuffer(1));
    await first;
    expect(intake().readings).toBe(0);
    expect(names("7")).toEqual(["slow.txt"]);
    expect(intake().problems).toEqual([expect.stringContaining("“b.zip” can’t be sent")]);
  });

  it("gives its files away once, in their order, without those that were removed", async () => {
    const { trays } = await openTrays();
    await trays.add("7", [text("a.txt"), text("b.txt"), text("c.txt")]);
    const second = trays.files.get()[1];
    if (second) trays.remove(second.clientMutationId);
    expect(trays.take("7").map(({ file }) => file.name)).toEqual(["a.txt", "c.txt"]);
    expect(trays.take("7")).toEqual([]);
  });

  it("is the same one after a reload, for its user alone", async () => {
    const storage = createMemoryTrays();
    const before = await openTrays(storage);
    await before.trays.add("7", [text("mine.txt")]);
    await before.trays.add("8", [text("another.txt")]);
    const [after, stranger] = [await openTrays(storage), await openTrays(storage, "2")];
    expect([after.names("7"), after.names("8")]).toEqual([["mine.txt"], ["another.txt"]]);
    expect(stranger.names("7")).toEqual([]);
  });

  it("is without a removed file after a reload, also where the storage had not forgotten it yet", async () => {
    const storage = createMemoryTrays();
    // The page is gone before the storage has come to it.
    const before = await openTrays({ ...storage, remove: () => new Promise(() => undefined) });
    await before.trays.add("7", [text("removed.txt"), text("stays.txt")]);
    const [removed] = before.trays.files.get();
    if (removed) before.trays.remove(removed.clientMutationId);
    expect(before.names("7")).toEqual(["stays.txt"]);
    const after = await openTrays(storage);
    expect(after.names("7")).toEqual(["stays.txt"]);
    expect(await storage.load("1")).toHaveLength(1);
    expect(window.localStorage).toHaveLength(0);
  });

  it("leaves no note of a removed file that the storage has refused, before it was removed or afterwards", async () => {
    const [asked, refused] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const put = (): Promise<void> => {
      asked.resolve();
      return refused.promise;
    };
    const nothing = (): Promise<never> => Promise.reject(new DOMException("No database", "InvalidStateError"));
    const { trays } = await openTrays({ load: nothing, put, remove: nothing });
    const adding = trays.add("7", [text("before.txt"), text("afterwards.txt")]);
    await asked.promise;
    const [before, afterwards] = trays.files.get();
    if (before) trays.remove(before.clientMutationId);
    expect(window.localStorage).toHaveLength(1);
    refused.reject(new DOMException("No database", "InvalidStateError"));
    await adding;
    if (afterwards) trays.remove(afterwards.clientMutationId);
    expect(window.localStorage).toHaveLength(0);
  });

  it("has files that the browser does not keep, and says so of each", async () => {
    const memory = createMemoryTrays();
    const full: TrayStorage = {
      ...memory,
      put: (userId, kept) =>
        kept.file.name === "large.pdf"
          ? Promise.reject(new DOMException("Full", "QuotaExceededError"))
          : memory.put(userId, kept),
    };
    const { trays } = await openTrays(full);
    await trays.add("7", [text("large.pdf"), text("small.txt")]);
    expect(trays.files.get().map(({ file, keeping }) => [file.name, keeping])).toEqual([
      ["large.pdf", "full"],
      ["small.txt", "kept"],
    ]);
  });

  it("names a file that the browser takes long to keep, until it is kept", async () => {
    jest.useFakeTimers();
    const stored = Promise.withResolvers<void>();
    const { trays } = await openTrays({ ...createMemoryTrays(), put: () => stored.promise });
    const slow = text("slow.txt");
    slow.arrayBuffer = async () => new ArrayBuffer(1);
    const added = trays.add("7", [slow]);
    const keeping = () => trays.files.get().map((each) => each.keeping);
    await jest.advanceTimersByTimeAsync(2_999);
    expect(keeping()).toEqual(["pending"]);
    await jest.advanceTimersByTimeAsync(1);
    expect(keeping()).toEqual(["refused"]);
    stored.resolve();
    await added;
    expect(keeping()).toEqual(["kept"]);
    jest.useRealTimers();
  });

  it("is the same in all tabs: what one puts in or takes out is there or gone in the others", async () => {
    const [here, there] = openTabs();
    if (!here || !there) throw new Error("No tabs");
    const names = () => there.files.get().map(({ file }) => file.name);
    await here.add("7", [text("a.txt"), text("b.txt")]);
    await Promise.resolve();
    expect(names()).toEqual(["a.txt", "b.txt"]);
    const [first] = here.files.get();
    if (first) here.remove(first.clientMutationId);
    expect(names()).toEqual(["b.txt"]);
    here.take("7");
    expect(names()).toEqual([]);
  });
});
