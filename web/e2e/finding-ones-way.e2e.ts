import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Locator, Page } from "playwright-core";
import { until } from "../../server/test/until.js";
import { launchBrowser, openContext, PHONE, ROOM, roomInList, visit, type Visitor } from "./browser.js";
import { nothingWaits } from "./messages.js";
import { startServer, type ServerProcess } from "./server.js";
import { missedByFingers } from "./targets.js";

jest.setTimeout(120_000);

let server: ServerProcess;
let browser: Browser;
let john: Visitor;
let jane: Visitor;
let dee: Visitor;

beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  john = await visit(browser, server.url, "John Doe");
  jane = await visit(browser, server.url, "Jane Smith", PHONE);
  dee = await visit(browser, server.url, "Dee Okafor");
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** What has the focus, as it is announced. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element === document.body ? "" : (element?.getAttribute("aria-label") ?? element?.textContent ?? "");
  });
}

/** Presses Tab until the focus is on what is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  await until(async () => {
    if ((await focused(page)).includes(name)) return true;
    await page.keyboard.press("Tab");
    return false;
  }, `the focus on ${name}`);
}

/** The one result that has all of this in it. */
const resultIn = (page: Page, text: string) =>
  page.getByRole("list", { name: "Results" }).getByRole("link", { name: text });

test("a search finds words in all rooms, leads to the message, and is as it was when one comes back", async () => {
  const { page } = john;
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("textbox", { name: "Search messages and files" }).fill("the");
  const results = page.getByRole("list", { name: "Results" }).getByRole("link");
  await results.nth(19).waitFor();
  await results.nth(19).scrollIntoViewIfNeeded();
  await results.nth(39).waitFor();
  const chosen = results.nth(32);
  await chosen.scrollIntoViewIfNeeded();
  const before = await chosen.boundingBox();
  expect(await chosen.locator("mark").first().innerText()).toMatch(/^the$/iu);
  const text = await chosen.innerText();
  await chosen.click();
  const message = page.locator("article[data-highlight]");
  await message.waitFor();
  const [, id] = /\/rooms\/\d+\/messages\/(\d+)$/u.exec(page.url()) ?? [];
  // It stands out for a moment only.
  const body = await page.locator(`article[data-message-id="${id}"] .text`).innerText();
  expect(text.replaceAll("…", "")).toContain(body.slice(0, 15));
  await message.waitFor({ state: "detached" });
  await page.goBack();
  await results.nth(39).waitFor();
  await until(async () => (await results.nth(32).boundingBox())?.y === before?.y, "the result at its old place");
});

test("a search beside a room stays beside it, and narrows down to what was asked for", async () => {
  const { page } = john;
  await john.openRoom(ROOM);
  await page.getByRole("button", { name: "Search in this room" }).click();
  const panel = page.getByRole("region", { name: "Search" });
  await panel.getByRole("button", { name: "Filters" }).click();
  await page
    .getByRole("button", { name: /has:file/u })
    .last()
    .click();
  expect(await panel.getByRole("textbox").inputValue()).toBe("has:file");
  const result = panel.getByRole("link").filter({ hasText: ".pdf" }).first();
  await result.click();
  await page.locator("article[data-highlight]").waitFor();
  expect(await panel.isVisible()).toBe(true);
  await page.locator("article[data-highlight]").waitFor({ state: "detached" });
  await result.click();
  await page.locator("article[data-highlight]").waitFor();
  await page.getByRole("button", { name: "Files", exact: true }).click();
  await page.getByRole("region", { name: "Files" }).getByRole("link", { name: /\.pdf/u }).first().waitFor();
  expect(await panel.isVisible()).toBe(false);
  await page.getByRole("button", { name: "Close files" }).click();
  await until(async () => (await focused(page)) === "Files", "the focus on what opens the files");
});

test("without a mouse, from logging in to a message with a reaction", async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByRole("button", { name: "Bob Stone" }).waitFor();
  await tabTo(page, "Bob Stone");
  await page.keyboard.press("Enter");
  await page.getByRole("navigation", { name: "Rooms" }).waitFor();
  await page.keyboard.press("Control+K");
  await page.locator("[role=combobox]:focus").waitFor();
  await page.keyboard.type("disc proj");
  await page.getByRole("option", { name: ROOM, selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await until(async () => (await focused(page)) === "Message", "the focus where one writes");
  await page.keyboard.type("Written without a mouse");
  await page.keyboard.press("Enter");
  const row = page.getByRole("article").filter({ hasText: "Written without a mouse" });
  await row.and(page.locator("[data-message-id]")).waitFor();
  await page.keyboard.press("Shift+F6");
  await page.keyboard.press("+");
  await until(async () => (await focused(page)) === "Search emoji", "the focus in the picker");
  await page.keyboard.type("fire engine");
  await page.locator(".emoji-foot", { hasText: /fire engine/i }).waitFor();
  await page.keyboard.press("Enter");
  await row.getByRole("button", { name: "🚒 1, You" }).waitFor();
  await until(async () => (await focused(page)).startsWith("Bob Stone, "), "the focus back on the message");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await page.keyboard.press("?");
  await keys.waitFor();
  await page.keyboard.press("Escape");
  await until(async () => (await focused(page)).startsWith("Bob Stone, "), "the focus on the message again");
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Edit message" }).waitFor();
  await page.keyboard.press("Escape");
  await until(async () => (await focused(page)).startsWith("Bob Stone, "), "the focus out of the menu");
  await page.keyboard.press("e");
  await until(async () => (await focused(page)) === "Edit message", "the focus in the editor");
  await page.keyboard.type(" at all");
  await page.keyboard.press("Enter");
  await row.getByText("Written without a mouse at all").waitFor();
  await until(async () => (await focused(page)) === "Message", "the focus back where one writes");
  await page.keyboard.press("Alt+ArrowDown");
  await until(() => !page.url().endsWith("/rooms/1"), "another room");
  await until(async () => (await focused(page)) === "Message", "the focus where one writes in that room");
  await page.keyboard.press("Control+/");
  await keys.getByText("Go to a room or a person").waitFor();
  await page.keyboard.press("Escape");
  await until(async () => (await focused(page)) === "Message", "the focus back where one writes");
});

test("who reads far above the newest message gets to a message there by F6, and back to the same one", async () => {
  const { page } = john;
  await john.openRoom(ROOM);
  const writing = page.getByRole("textbox", { name: "Message", exact: true });
  const focusedMessage = async (): Promise<number | undefined> =>
    Number(await page.evaluate(() => document.activeElement?.getAttribute("data-message-id"))) || undefined;
  const newest = await page.locator("article[data-message-id]").last().getAttribute("data-message-id");
  await until(async () => {
    await page.getByRole("log").evaluate((feed) => feed.scrollBy(0, -600));
    return (await page.locator(`[data-message-id="${newest}"]`).count()) === 0;
  }, "the newest message far below");
  await writing.focus();
  await page.keyboard.press("Shift+F6");
  const first = await until(focusedMessage, "a message to have the focus");
  await page.keyboard.press("k");
  const above = await until(async () => {
    const id = await focusedMessage();
    return id !== first && id;
  }, "another message to have the focus");
  expect(above).toBeLessThan(first);
  await page.keyboard.press("F6");
  await until(async () => (await focused(page)) === "Message", "the focus where one writes");
  await page.keyboard.press("Shift+F6");
  await until(async () => (await focusedMessage()) === above, "the focus on the same message");
});

test("the rooms and the messages are one stop of Tab each; arrows move inside", async () => {
  const { page } = john;
  await john.openRoom(ROOM);
  const stopsIn = (region: Locator): Promise<number> =>
    region.locator("a, button, article").and(page.locator(":not([tabindex='-1'])")).count();
  const [rooms, feed] = [page.getByRole("navigation", { name: "Rooms" }), page.getByRole("log")];
  await feed.getByRole("button").first().waitFor();
  for (const region of [rooms, feed]) await until(async () => (await stopsIn(region)) === 1, "one stop of Tab");
  await roomInList(page, ROOM).focus();
  await page.keyboard.press("ArrowDown");
  const other = await focused(page);
  expect(other).not.toContain(ROOM);
  expect(await stopsIn(rooms)).toBe(1);
  await page.keyboard.press("ArrowUp");
  expect(await focused(page)).toContain(ROOM);
  // A message with a reaction: what it has comes one after the other, then its buttons.
  const some = page.locator("article[data-message-id]").filter({ has: page.getByRole("group", { name: "Reactions" }) });
  const id = await some.last().getAttribute("data-message-id");
  const row = page.locator(`[data-message-id="${id}"]`);
  await row.focus();
  const seen: string[] = [];
  await until(async () => {
    await page.keyboard.press("ArrowRight");
    seen.push(await focused(page));
    return seen.at(-1) === "Copy link";
  }, "the buttons of the message");
  expect(seen).toContain("Add reaction");
  await page.keyboard.press("Shift+Tab");
  expect(await row.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press("Tab");
  await until(async () => (await feed.locator(":focus").count()) === 0, "the focus after the feed");
});

test("a sign alone is a key on messages and nowhere else", async () => {
  const { page } = john;
  const writing = page.getByRole("textbox", { name: "Message", exact: true });
  await writing.fill("Why");
  await writing.press("?");
  expect(await writing.inputValue()).toBe("Why?");
  await writing.fill("");
  await page.getByRole("button", { name: /^Members/u }).press("?");
  expect(await page.getByRole("dialog").count()).toBe(0);
});

test("on a phone one pane is on the screen at a time, and nothing to press is smaller than a finger", async () => {
  const { page } = jane;
  const list = page.getByRole("navigation", { name: "Rooms" });
  await jane.openRoom(ROOM);
  expect(await list.isVisible()).toBe(false);
  await jane.send("From my phone");
  await jane.sees("From my phone");
  await nothingWaits(jane);
  expect(await missedByFingers(page)).toEqual([]);
  await page.getByRole("button", { name: /^Members/ }).click();
  const people = page.locator(".add-member .ant-select");
  await until(async () => ((await people.boundingBox())?.height ?? 0) >= 44, "a field as high as a finger");
  await page.getByRole("button", { name: "Close members" }).click();
  await page.getByRole("button", { name: "Search in this room" }).click();
  const panel = page.getByRole("region", { name: "Search" });
  await until(async () => (await panel.boundingBox())?.width === PHONE.width, "the panel over the whole screen");
  await panel.getByRole("textbox").fill("my phone");
  await resultIn(page, "From my phone").click();
  await page.locator("article[data-highlight]").waitFor();
  await panel.waitFor({ state: "hidden" });
  await page.goBack();
  await resultIn(page, "From my phone").waitFor();
  await page.goBack();
  await panel.waitFor({ state: "hidden" });
  await page.getByRole("link", { name: "Back to rooms" }).click();
  await list.waitFor();
});

test("a room that one may not see says so, and nothing of itself; an address that leads nowhere has a way home", async () => {
  const { page } = dee;
  await page.goto(`${server.url}/rooms/1?panel=members`);
  await page.getByRole("heading", { name: "No access" }).waitFor();
  expect(await page.content()).not.toContain(ROOM);
  await until(async () => (await page.title()) === "No access - Parley", "the name of the page");
  await page.goto(`${server.url}/no/such/page`);
  await page.getByRole("heading", { name: "Page not found" }).waitFor();
  await page.getByRole("link", { name: "Go to your rooms" }).click();
  await page.getByRole("navigation", { name: "Rooms" }).waitFor();
});

test("who has no room is shown three things to do", async () => {
  const { page } = dee;
  await dee.openRoom("Beta notes");
  await page.getByRole("button", { name: /^Members/u }).click();
  await page.getByRole("button", { name: "Leave room" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  const welcome = page.getByRole("main", { name: "Welcome" });
  await welcome.getByRole("button", { name: "See the keys" }).waitFor();
  expect(await welcome.getByRole("listitem").count()).toBe(3);
  await welcome.getByRole("button", { name: "New room" }).click();
  await page.getByRole("dialog", { name: "New room" }).getByRole("textbox", { name: "Name" }).fill("A fresh start");
  await page.getByRole("button", { name: "Create room" }).click();
  await dee.inRoom("A fresh start");
});

test("nothing went wrong in any of the browsers", () => {
  expect([john, jane, dee].flatMap(({ faults }) => faults)).toEqual([]);
});
