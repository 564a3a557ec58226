import { expect, test } from "@jest/globals";
import type { CDPSession } from "playwright-core";
import { pdf, picture } from "../../server/test/files.js";
import { until } from "../../server/test/until.js";
import { countOf, ROOM, type Visitor } from "./browser.js";
import type { TcpProxy } from "../../server/test/tcp-proxy.js";
import { choose, composer, give, stored, tray } from "./giving-files.js";
import { editNewest, nothingWaits } from "./messages.js";
import { meet } from "./pair.js";

const MEGABYTE = 1_024 * 1_024;
let cable: TcpProxy;
let john: Visitor;
let jane: Visitor;
/** What is said to John's browser by it holds as long as it is there. */
let network: CDPSession | undefined;

meet(
  (pair) => {
    ({ cable, john, jane } = pair);
  },
  { UPLOAD_MAX_BYTES: String(6 * MEGABYTE) },
);

test("a picture that is pasted is sent with the words beside it, and seen by others in its place", async () => {
  const bytes = await picture("png", { width: 640, height: 480 });
  await composer(john).fill("How it looks");
  await give(composer(john), "paste", [{ name: "how.png", type: "image/png", bytes }]);
  await tray(john).getByText("how.png").waitFor();
  await composer(john).press("Enter");
  await stored(jane, "how.png").waitFor();
  expect(await stored(jane, "how.png").locator(".text").innerText()).toBe("How it looks");
  const box = await stored(jane, "how.png").getByRole("img", { name: "how.png" }).boundingBox();
  expect([box?.width, box?.height]).toEqual([360, 270]);
  expect(await tray(john).count()).toBe(0);
});

test("the words beside a file can be taken away, and the file stays", async () => {
  const editor = await editNewest(john);
  await editor.fill("");
  await editor.press("Enter");
  await stored(jane, "how.png").getByText("(edited)").waitFor();
  expect(await stored(jane, "how.png").locator(".text").count()).toBe(0);
  await stored(jane, "how.png").getByRole("img", { name: "how.png" }).waitFor();
});

test("a picture opens large, with its name and a way to keep it, and Escape closes it", async () => {
  await stored(jane, "how.png").getByRole("button", { name: "how.png" }).click();
  const dialog = jane.page.getByRole("dialog");
  await dialog.getByText("640 × 480").waitFor();
  const download = jane.page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download" }).click();
  expect((await download).suggestedFilename()).toBe("how.png");
  await jane.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});

test("files that are dropped anywhere on the room are sent as messages of their own, in order", async () => {
  const feed = john.page.getByRole("log");
  await give(feed, "drop", [
    { name: "offer.pdf", type: "application/pdf", bytes: pdf() },
    { name: "notes.txt", type: "text/plain", bytes: Buffer.from("Notes") },
  ]);
  await tray(john).getByText("notes.txt").waitFor();
  await composer(john).fill("Two for you");
  await john.page.getByRole("button", { name: "Send", exact: true }).click();
  await stored(jane, "notes.txt").waitFor();
  const names = await jane.page.locator("article[data-message-id] .file-name").allInnerTexts();
  expect(names.slice(-2)).toEqual(["offer.pdf", "notes.txt"]);
  expect(await stored(jane, "offer.pdf").locator(".text").innerText()).toBe("Two for you");
  await jane.page.getByRole("navigation", { name: "Rooms" }).getByText("notes.txt").waitFor();
});

test("what can’t be sent is said with what could, and the words and the other files stay", async () => {
  await composer(john).fill("Kept words");
  await choose(john, [
    { name: "page.html", type: "text/html", bytes: Buffer.from("<p>") },
    { name: "large.txt", type: "text/plain", bytes: Buffer.alloc(7 * MEGABYTE, "x") },
    { name: "fine.txt", type: "text/plain", bytes: Buffer.from("Fine") },
  ]);
  const problems = john.page.getByRole("alert");
  await problems
    .getByText(/“page.html” can’t be sent.*Allowed are jpg, jpeg, png, gif, webp, pdf, doc, docx, txt/)
    .waitFor();
  await problems.getByText(/“large.txt” can’t be sent: it has 7.0 MB, and a file can have at most 6 MB/).waitFor();
  expect(await tray(john).getByRole("listitem").count()).toBe(1);
  expect(await composer(john).inputValue()).toBe("Kept words");
  await john.page.getByRole("button", { name: "Remove fine.txt" }).click();
  await composer(john).fill("");
});

test("what only the server can refuse is said in its words, and can be discarded", async () => {
  await choose(john, [{ name: "not-a-picture.png", type: "image/png", bytes: Buffer.from("This is text.") }]);
  await tray(john).getByText("not-a-picture.png").waitFor();
  await composer(john).press("Enter");
  const failed = john.page.getByRole("alert").filter({ hasText: "Not sent." });
  await failed.getByText(/Allowed are jpg/).waitFor();
  await failed.getByRole("button", { name: "Discard" }).click();
  await failed.waitFor({ state: "detached" });
});

/** Lets John's browser send no faster than this; null for as fast as it can. */
async function slowDown(bytesPerSecond: number | null): Promise<void> {
  network ??= await john.context.newCDPSession(john.page);
  const uploadThroughput = bytesPerSecond ?? -1;
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput,
  });
}

test("pictures on their way stand where they will stand, of the size that they will have", async () => {
  const bytes = await picture("png", { width: 900, height: 600 });
  await slowDown(20_000);
  await composer(john).fill("Three pictures");
  const names = ["first.png", "second.png", "third.png"];
  await choose(
    john,
    names.map((name) => ({ name, type: "image/png", bytes })),
  );
  await tray(john).getByText("third.png").waitFor();
  await composer(john).press("Enter");
  await john.page.getByText(/Sending … \d+ %/).waitFor();
  const places = (): Promise<readonly string[]> =>
    john.page.locator("article").evaluateAll((rows, known) => {
      const shown = rows.filter((row) => known.includes(row.querySelector("img[alt]")?.getAttribute("alt") ?? ""));
      return shown.map((row) => `${Math.round(row.getBoundingClientRect().y)} ${row.clientHeight}`);
    }, names);
  let before = await places();
  await until(async () => {
    await john.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    const last = before;
    before = await places();
    return before.length === 3 && before.join() === last.join();
  }, "the feed to stand still with three pictures on their way");
  await slowDown(null);
  await stored(john, "third.png").waitFor();
  await nothingWaits(john);
  expect(await places()).toEqual(before);
  expect(await john.page.getByRole("button", { name: "Jump to newest" }).count()).toBe(0);
});

test("a file that is on its way can be cancelled, and nobody sees it", async () => {
  await slowDown(100_000);
  await choose(john, [{ name: "slow.txt", type: "text/plain", bytes: Buffer.alloc(5 * MEGABYTE, "slow ") }]);
  await tray(john).getByText("slow.txt").waitFor();
  await composer(john).press("Enter");
  await john.page.getByText(/Sending … \d+ %/).waitFor();
  await john.page.getByRole("button", { name: "Cancel slow.txt" }).click();
  await john.page.getByText("slow.txt").waitFor({ state: "detached" });
  await slowDown(null);
  await john.send("after the cancelled one");
  await jane.sees("after the cancelled one");
  expect(await stored(jane, "slow.txt").count()).toBe(0);
});

test("what was written without a network before a reload is sent once and in order after it", async () => {
  cable.cut();
  await john.page.getByText(/Reconnecting/).waitFor();
  await john.send("offline one");
  const bytes = await picture("png", { width: 320, height: 200 });
  await composer(john).fill("offline two");
  await choose(john, [{ name: "offline.png", type: "image/png", bytes }]);
  await tray(john).getByText("offline.png").waitFor();
  await composer(john).press("Enter");
  await john.send("offline three");
  await john.page.locator("article[data-state]").nth(2).waitFor();
  await john.page.locator("article[data-state='keeping']").first().waitFor({ state: "detached" });
  // The page is gone before the network is back.
  await john.page.goto("about:blank");
  cable.mend();
  await john.page.goto(cable.url);
  await john.openRoom(ROOM);
  const texts = ["offline one", "offline two", "offline three"];
  for (const person of [john, jane]) {
    await person.sees("offline three");
    await nothingWaits(person);
    const messages = await person.messages();
    expect(messages.filter((text) => texts.includes(text))).toEqual(texts);
    expect(countOf(messages, texts)).toEqual([1, 1, 1]);
  }
  await stored(jane, "offline.png").waitFor();
});

test("nothing went wrong in either browser", () => {
  expect([...john.faults, ...jane.faults]).toEqual([]);
});
