import { expect, test } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import { picture } from "../../server/test/files.js";
import { openTab, ROOM, roomInList, visit, type Visitor } from "./browser.js";
import { choose, composer, laid, stored, tray } from "./giving-files.js";
import { editNewest, nothingWaits } from "./messages.js";
import { meet, type Pair } from "./pair.js";

const MEGABYTE = 1_024 * 1_024;
let pair: Pair;
let john: Visitor;
let jane: Visitor;

meet((met) => {
  pair = met;
  ({ john, jane } = met);
});

const text = (name: string, content = name) => ({ name, type: "text/plain", bytes: Buffer.from(content) });
const trayOf = (page: Page) => page.getByRole("list", { name: "Files to send" });
const editor = (page: Page) => page.getByRole("textbox", { name: "Edit message" });

/** Presses a button, and is gone: the page is loaded anew before anything else can happen. */
async function pressAndReload(button: Locator): Promise<void> {
  const { promise: loaded, resolve } = Promise.withResolvers<void>();
  const page = button.page();
  page.once("load", () => resolve());
  await button.evaluate((element: HTMLElement) => {
    element.click();
    window.location.reload();
  });
  await loaded;
}

/** Notes on the page what it puts on the clipboard, which a browser without a window keeps to itself. */
async function catchCopied(page: Page): Promise<void> {
  await page.evaluate(() => {
    const writeText = async (copied: string): Promise<void> => document.body.setAttribute("data-copied", copied);
    Object.defineProperty(navigator, "clipboard", { value: { writeText } });
  });
}

/** The page as it is after a reload, with the room's composer there. */
async function reload({ page }: Visitor): Promise<void> {
  await page.reload();
  await page.getByRole("textbox", { name: "Message", exact: true }).waitFor();
}

test("a file that the browser has no room for is named as such, and is sent all the same", async () => {
  // Before anything else: a browser that has kept something a moment ago does not look how much room there is.
  const full = await visit(pair.browser, pair.cable.url, "John Doe");
  const storage = await full.context.newCDPSession(full.page);
  const { origin } = new URL(pair.cable.url);
  await storage.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: MEGABYTE });
  await full.openRoom(ROOM);
  await choose(full, [text("large.txt", "large ".repeat(MEGABYTE / 2))]);
  await full.page.getByText("This browser’s storage is full: “large.txt” would be lost with this page.").waitFor();
  await composer(full).press("Enter");
  await stored(jane, "large.txt").waitFor();
  expect(full.faults).toEqual([]);
});

test("files laid beside the words are there after a reload, and are sent once", async () => {
  const bytes = await picture("png", { width: 640, height: 480 });
  await choose(john, [text("plan.txt"), { name: "sketch.png", type: "image/png", bytes }]);
  await laid(john, "plan.txt");
  await laid(john, "sketch.png");
  await composer(john).fill("The plan, with a sketch");
  await reload(john);
  await tray(john).getByText("sketch.png").waitFor();
  expect(await tray(john).locator(".file-name").allInnerTexts()).toEqual(["plan.txt", "sketch.png"]);
  await tray(john).locator("img").waitFor();
  await composer(john).press("Enter");
  await stored(jane, "sketch.png").waitFor();
  expect(await stored(jane, "plan.txt").locator(".text").innerText()).toBe("The plan, with a sketch");
  await nothingWaits(john);
  await reload(john);
  await stored(john, "plan.txt").waitFor();
  expect([await stored(john, "plan.txt").count(), await tray(john).count()]).toEqual([1, 0]);
});

test("files that wait in a room are named in the list of rooms, and wait there for each room by itself", async () => {
  await choose(john, [text("waits.txt")]);
  await tray(john).getByText("waits.txt").waitFor();
  await john.openRoom("Releases");
  await roomInList(john.page, ROOM).getByText("waits.txt").waitFor();
  expect(await tray(john).count()).toBe(0);
  await john.openRoom(ROOM);
  await john.page.getByRole("button", { name: "Remove waits.txt" }).click();
});

test("a file that one tab takes out, puts in or sends is gone or there in the other", async () => {
  const second = await openTab(john, "John Doe");
  await choose(john, [text("first.txt"), text("second.txt")]);
  await trayOf(second).getByText("second.txt").waitFor();
  await second.getByRole("button", { name: "Remove first.txt" }).click();
  await tray(john).getByText("first.txt").waitFor({ state: "detached" });
  await tray(john).getByText("second.txt").waitFor();
  await second.getByRole("textbox", { name: "Message", exact: true }).press("Enter");
  await stored(jane, "second.txt").waitFor();
  await tray(john).waitFor({ state: "detached" });
  await second.close();
  await reload(john);
  await stored(john, "second.txt").waitFor();
  expect([await tray(john).count(), await stored(john, "second.txt").count()]).toEqual([0, 1]);
});

test("a changed text that was not saved is kept through another room and a reload, until it is", async () => {
  await john.send("As it was sent");
  await jane.sees("As it was sent");
  await (await editNewest(john)).fill("As it should be");
  await john.openRoom("Releases");
  await john.page.getByText("Your changes are kept: edit the message again to go on.").waitFor();
  await john.openRoom(ROOM);
  const row = john.page.locator("article", { hasText: "As it was sent" }).last();
  await row.getByText("Changed and not saved.").waitFor();
  await reload(john);
  await row.getByRole("button", { name: "Go on editing" }).click();
  expect(await editor(john.page).inputValue()).toBe("As it should be");
  await editor(john.page).press("Enter");
  await jane.sees("As it should be");
  await john.page.getByText("Changed and not saved.").waitFor({ state: "detached" });
});

test("a changed text is let go of by Escape, and by nothing else", async () => {
  await (await editNewest(john)).fill("Never mind");
  await reload(john);
  await john.page.getByRole("button", { name: "Go on editing" }).click();
  await editor(john.page).press("Escape");
  await editor(john.page).waitFor({ state: "detached" });
  await john.page.getByText("Changed and not saved.").waitFor({ state: "detached" });
  expect(await (await editNewest(john)).inputValue()).toBe("As it should be");
  await editor(john.page).press("Escape");
});

test("what one sends is sent once, though the page is gone at once", async () => {
  const words = "Sent, and gone";
  await composer(john).fill(words);
  await pressAndReload(john.page.getByRole("button", { name: "Send", exact: true }));
  await jane.sees(words);
  expect(await composer(john).inputValue()).toBe("");
  // What was sent after it comes after it, and after a second of it.
  await john.send("Sent after that");
  await jane.sees("Sent after that");
  expect((await jane.messages()).filter((each) => each === words)).toHaveLength(1);
});

test("what was begun in a room that one is removed from is given back: to copy, to save, to discard", async () => {
  await jane.send("Of Jane's");
  await john.sees("Of Jane's");
  await (await editNewest(jane)).fill("Of Jane's, changed");
  await choose(jane, [text("notes.txt", "The notes")]);
  await laid(jane, "notes.txt");
  await composer(jane).fill("Words that I had begun");
  await john.page.getByRole("button", { name: /^Members/ }).click();
  await john.page.getByRole("button", { name: "Remove Jane Smith" }).click();
  await john.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await jane.page.getByText(`“${ROOM}” is no longer open to you`).waitFor();
  const givenBack = jane.page.getByRole("alert").filter({ hasText: "the room is no longer open to you" });
  const [draft, change, file] = ["Words that I had begun", "Of Jane's, changed", "notes.txt"].map((words) =>
    givenBack.getByRole("listitem").filter({ hasText: words }),
  );
  if (!draft || !change || !file) throw new Error("Nothing was given back");
  await change.waitFor();
  await jane.page.reload();
  await file.waitFor();
  const download = jane.page.waitForEvent("download");
  await file.getByRole("button", { name: "Save file" }).click();
  expect((await download).suggestedFilename()).toBe("notes.txt");
  await catchCopied(jane.page);
  await draft.getByRole("button", { name: "Copy" }).click();
  await jane.page.locator("body[data-copied='Words that I had begun']").waitFor();
  for (const each of [draft, change]) await each.getByRole("button", { name: "Discard" }).click();
  await draft.or(change).first().waitFor({ state: "detached" });
  await jane.openRoom("Design");
  await choose(jane, [text("stays.txt")]);
  await laid(jane, "stays.txt");
  await pressAndReload(file.getByRole("button", { name: "Discard" }));
  // It comes out of the same storage as what was discarded.
  await tray(jane).getByText("stays.txt").waitFor();
  expect(await givenBack.count()).toBe(0);
});

test("nothing went wrong in either browser", () => {
  expect([...john.faults, ...jane.faults]).toEqual([]);
});
