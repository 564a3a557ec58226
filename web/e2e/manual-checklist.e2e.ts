import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { pdf, picture } from "../../server/test/files.js";
import { until } from "../../server/test/until.js";
import { countOf, launchBrowser, PHONE, roomInList, visit, type Visitor } from "./browser.js";
import { startTcpProxy, type TcpProxy } from "../../server/test/tcp-proxy.js";
import { choose, composer, stored, tray } from "./giving-files.js";
import { messageWith, nothingWaits } from "./messages.js";
import { startServer, type ServerProcess } from "./server.js";

// What somebody would try by hand before a release, line by line and in this order: each goes on where the one before
// has ended. John and Bob, who have no direct room yet, each in a browser of his own.

jest.setTimeout(120_000);

const GROUP = "Checklist";
let server: ServerProcess;
let cable: TcpProxy;
let browser: Browser;
let john: Visitor;
let bob: Visitor;
const others: Visitor[] = [];

beforeAll(async () => {
  server = await startServer();
  cable = await startTcpProxy(server.url);
  browser = await launchBrowser();
  john = await visit(browser, cable.url, "John Doe");
  bob = await visit(browser, server.url, "Bob Stone");
}, 120_000);

afterAll(async () => {
  await browser.close();
  await cable.close();
  await server.stop();
});

/** One of the buttons of a message, which it has while it is pointed at. */
async function press(person: Visitor, text: string, button: string): Promise<void> {
  const message = messageWith(person, text);
  // What becomes a message takes other rows along, and another one is pointed at.
  await nothingWaits(person);
  await message.hover();
  await message.getByRole("button", { name: button }).click();
}

test("Create direct message conversation", async () => {
  await john.page.getByRole("button", { name: "New direct message" }).first().click();
  await john.page.getByRole("dialog").getByRole("button", { name: "Bob Stone" }).click();
  await john.inRoom("Bob Stone");
  await john.send("Hello Bob");
  await roomInList(bob.page, "John Doe").getByText("Hello Bob").waitFor();
  await bob.openRoom("John Doe");
  await bob.sees("Hello Bob");
});

test("Create group chat conversation", async () => {
  await john.page.getByRole("button", { name: "New room" }).first().click();
  const dialog = john.page.getByRole("dialog", { name: "New room" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(GROUP);
  await dialog.getByRole("combobox", { name: "Members" }).fill("bob");
  await john.page.locator(".member-option", { hasText: "Bob Stone" }).click();
  await dialog.getByRole("button", { name: "Create room" }).click();
  await john.inRoom(GROUP);
  await bob.openRoom(GROUP);
});

test("Send text messages", async () => {
  await john.send("First words");
  await bob.sees("First words");
  await bob.send("And an answer");
  await john.sees("And an answer");
  for (const person of [john, bob]) expect(await person.messages()).toEqual(["First words", "And an answer"]);
});

test("Upload image file", async () => {
  const bytes = await picture("png", { width: 640, height: 480 });
  await choose(john, [{ name: "board.png", type: "image/png", bytes }]);
  await tray(john).getByText("board.png").waitFor();
  await composer(john).press("Enter");
  const image = stored(bob, "board.png").getByRole("img", { name: "board.png" });
  await image.waitFor();
  await until(
    () => image.evaluate((element) => element instanceof HTMLImageElement && element.naturalWidth > 0),
    "the picture on Bob's screen",
  );
});

test("Upload document file", async () => {
  await choose(john, [{ name: "plan.pdf", type: "application/pdf", bytes: pdf() }]);
  await tray(john).getByText("plan.pdf").waitFor();
  await composer(john).press("Enter");
  await stored(bob, "plan.pdf").getByText("plan.pdf").waitFor();
});

test("Edit own message", async () => {
  await press(john, "First words", "Edit message");
  const editor = john.page.getByRole("textbox", { name: "Edit message" });
  await editor.fill("First words, corrected");
  await editor.press("Enter");
  for (const person of [john, bob]) await messageWith(person, "First words, corrected").getByText("(edited)").waitFor();
  await messageWith(bob, "First words, corrected").hover();
  await bob.page.getByRole("toolbar").getByRole("button", { name: "Copy link" }).waitFor();
  expect(await bob.page.getByRole("button", { name: "Edit message" }).count()).toBe(0);
});

test("Delete own message", async () => {
  await john.send("Said too early");
  await bob.sees("Said too early");
  await press(john, "Said too early", "Delete message");
  await john.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  for (const person of [john, bob]) await messageWith(person, "Said too early").waitFor({ state: "detached" });
});

test("Add emoji reaction", async () => {
  await press(bob, "First words, corrected", "Add reaction");
  await bob.page.getByRole("button", { name: "👍" }).first().click();
  await messageWith(john, "First words, corrected").getByRole("button", { name: "👍 1, Bob Stone" }).waitFor();
});

test("Remove emoji reaction", async () => {
  await messageWith(bob, "First words, corrected").getByRole("button", { name: "👍 1, You" }).click();
  for (const person of [john, bob])
    await messageWith(person, "First words, corrected").locator(".chip").waitFor({ state: "detached" });
});

test("Test typing indicator", async () => {
  await bob.typesUntilSeenBy(john, "Bob Stone");
  await composer(bob).fill("");
  await john.page.getByText("Bob Stone is typing").first().waitFor({ state: "detached" });
});

test("Mark room as read (verify unread count)", async () => {
  await bob.openRoom("John Doe");
  for (const text of ["Unread one", "Unread two", "Unread three"]) await john.send(text);
  await roomInList(bob.page, GROUP).getByText("3 unread").waitFor({ state: "attached" });
  expect(await roomInList(bob.page, GROUP).locator(".badge").innerText()).toContain("3");
  const reads = async (): Promise<void> => {
    await bob.openRoom(GROUP);
    await bob.hasInView("Unread three");
    await roomInList(bob.page, GROUP).locator(".badge").waitFor({ state: "detached" });
  };
  // What was read stays read: the server knows it too.
  await Promise.all([
    bob.page.waitForResponse((response) => (response.request().postData() ?? "").includes("MarkChatRoomRead")),
    reads(),
  ]);
  await bob.page.reload();
  await bob.inRoom(GROUP);
  expect(await roomInList(bob.page, GROUP).locator(".badge").count()).toBe(0);
});

test("Search messages", async () => {
  await bob.page.keyboard.press("Control+Shift+F");
  await bob.page.getByRole("textbox", { name: "Search messages and files" }).fill("corrected");
  const result = bob.page.getByRole("list", { name: "Results" }).getByRole("link", { name: "First words, corrected" });
  await result.click();
  await bob.page.locator("article[data-highlight]", { hasText: "First words, corrected" }).waitFor();
  await bob.inRoom(GROUP);
});

test("Test WebSocket reconnection", async () => {
  await john.mark();
  cable.cut();
  await john.page.getByText(/Reconnecting/).waitFor();
  await bob.send("Said while John was away");
  await john.send("Written while away");
  cable.mend();
  await john.sees("Said while John was away");
  await bob.sees("Written while away");
  await john.page.getByText(/Reconnecting/).waitFor({ state: "detached" });
  const texts = ["Said while John was away", "Written while away"];
  for (const person of [john, bob]) expect(countOf(await person.messages(), texts)).toEqual([1, 1]);
  expect(await john.wasReloaded()).toBe(false);
});

test("Test with multiple users simultaneously", async () => {
  const alice = await visit(browser, server.url, "Alice Martin");
  others.push(alice);
  await john.page.getByRole("button", { name: /^Members/ }).click();
  await john.page.getByRole("combobox", { name: "Add a member" }).fill("alice");
  await john.page.locator(".member-option", { hasText: "Alice Martin" }).click();
  await alice.openRoom(GROUP);
  const numbers = [1, 2, 3, 4];
  const people = { John: john, Bob: bob, Alice: alice };
  await Promise.all(
    Object.entries(people).map(async ([name, person]) => {
      for (const number of numbers) await person.send(`${name} at once ${number}`);
    }),
  );
  const texts = Object.keys(people).flatMap((name) => numbers.map((number) => `${name} at once ${number}`));
  const orders: string[][] = [];
  for (const person of Object.values(people)) {
    for (const text of texts) await person.sees(text);
    await nothingWaits(person);
    orders.push((await person.messages()).filter((text) => texts.includes(text)));
  }
  expect(orders[0]?.toSorted()).toEqual(texts.toSorted());
  expect(orders[1]).toEqual(orders[0]);
  expect(orders[2]).toEqual(orders[0]);
});

test("Test file download", async () => {
  await bob.page.getByRole("button", { name: "Files", exact: true }).click();
  const files = bob.page.getByRole("region", { name: "Files" });
  const download = bob.page.waitForEvent("download");
  await files.getByRole("button", { name: "Download plan.pdf" }).click();
  expect((await download).suggestedFilename()).toBe("plan.pdf");
  expect(await readFile(await (await download).path())).toEqual(pdf());
});

test("Test on mobile viewport", async () => {
  const phone = await visit(browser, server.url, "Bob Stone", PHONE);
  others.push(phone);
  const { page } = phone;
  await roomInList(phone.page, GROUP).waitFor();
  await phone.openRoom(GROUP);
  expect(await page.getByRole("navigation", { name: "Rooms" }).isVisible()).toBe(false);
  await phone.send("From a phone");
  await john.sees("From a phone");
  await phone.hasInView("From a phone");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
  await page.getByRole("link", { name: "Back to rooms" }).click();
  await roomInList(phone.page, GROUP).getByText("From a phone").waitFor();
});

test("nothing went wrong in any of the browsers, and no other host was asked for anything", () => {
  expect([john, bob, ...others].flatMap(({ faults }) => faults)).toEqual([]);
});
