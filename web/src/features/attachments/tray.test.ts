import { describe, expect, it } from "@jest/globals";
import { fileProblem } from "./attachment-limits.js";
import { addFiles, dismissProblems, removeFile, takeFiles, trayOf } from "./tray.js";

const MEGABYTE = 1_024 * 1_024;
const text = (name: string, content = "x"): File => new File([content], name, { type: "text/plain" });

/** A file that was moved away after it was chosen. */
function goneFile(name: string): File {
  const file = text(name);
  file.arrayBuffer = () => Promise.reject(new DOMException("Gone", "NotFoundError"));
  return file;
}

const names = (tray: ReturnType<typeof trayOf>): string[] => tray.get().files.map(({ file }) => file.name);

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
    const tray = trayOf("1", "refusing");
    await addFiles(tray, [text("a.txt"), text("b.zip"), goneFile("c.txt")]);
    expect(names(tray)).toEqual(["a.txt"]);
    expect(tray.get().problems).toEqual([
      expect.stringContaining("“b.zip” can’t be sent"),
      "“c.txt” can’t be sent: it could not be read.",
    ]);
    dismissProblems(tray);
    expect(tray.get().problems).toEqual([]);
  });

  it("is full with ten files, and names those that it leaves out", async () => {
    const tray = trayOf("1", "full");
    await addFiles(
      tray,
      Array.from({ length: 11 }, (_, index) => text(`${index}.txt`)),
    );
    expect(names(tray)).toHaveLength(10);
    expect(tray.get().problems).toEqual(["At most 10 files can be sent at once. Left out: “10.txt”."]);
  });

  it("is being read until all that was put in is, and says of each what it could not take", async () => {
    const tray = trayOf("1", "twice");
    const slow = text("slow.txt");
    const read = Promise.withResolvers<ArrayBuffer>();
    slow.arrayBuffer = () => read.promise;
    const first = addFiles(tray, [slow]);
    await addFiles(tray, [text("b.zip")]);
    expect(tray.get().readings).toBe(1);
    read.resolve(new ArrayBuffer(1));
    await first;
    expect(tray.get().readings).toBe(0);
    expect(names(tray)).toEqual(["slow.txt"]);
    expect(tray.get().problems).toEqual([expect.stringContaining("“b.zip” can’t be sent")]);
  });

  it("gives its files away once, in their order, without those that were removed", async () => {
    const tray = trayOf("1", "taking");
    await addFiles(tray, [text("a.txt"), text("b.txt"), text("c.txt")]);
    const second = tray.get().files[1];
    if (second) removeFile(tray, second.id);
    expect(takeFiles(tray).map(({ name }) => name)).toEqual(["a.txt", "c.txt"]);
    expect(takeFiles(tray)).toEqual([]);
  });

  it("is another one for another user", async () => {
    await addFiles(trayOf("1", "shared"), [text("mine.txt")]);
    expect(names(trayOf("2", "shared"))).toEqual([]);
    expect(names(trayOf("1", "shared"))).toEqual(["mine.txt"]);
  });
});
