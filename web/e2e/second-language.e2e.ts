import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { until } from "../../server/test/until.js";
import { launchBrowser, openContext, ROOM } from "./browser.js";
import { englishOn } from "./english.js";
import { startServer, type ServerProcess } from "./server.js";

jest.setTimeout(120_000);

let server: ServerProcess;
let browser: Browser;
let john: Page;
const faults: string[] = [];

beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  john = await open("de-DE");
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** A new browser of somebody who reads this language, at the log-in page. */
async function open(locale: string): Promise<Page> {
  const context = await openContext(browser, { locale });
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(error.message));
  await page.goto(server.url);
  await page.getByRole("button", { name: "John Doe @" }).waitFor();
  return page;
}

const settings = async (page: Page, button: string, dialog: string) => {
  await page.getByRole("button", { name: button }).click();
  return page.getByRole("dialog", { name: dialog });
};

test("the log-in page speaks the browser's language", async () => {
  await john.getByRole("heading", { name: "Bei Parley anmelden" }).waitFor();
  expect(await john.getAttribute("html", "lang")).toBe("de");
  await until(async () => (await john.title()) === "Anmelden - Parley", "the name of the page");
  expect(await englishOn(john)).toEqual([]);
});

test("English words on a page would be found", async () => {
  const page = await open("en-GB");
  expect(await page.getAttribute("html", "lang")).toBe("en");
  expect(await englishOn(page)).toEqual(expect.arrayContaining(["Log in to Parley"]));
});

test("a message is sent in German", async () => {
  await john.getByRole("button", { name: "John Doe @" }).click();
  await john.getByText("Wähle ein Gespräch").waitFor();
  expect(await englishOn(john)).toEqual([]);
  await john.getByRole("navigation", { name: "Räume" }).getByRole("link", { name: ROOM }).click();
  const composer = john.getByRole("textbox", { name: "Nachricht", exact: true });
  await composer.fill("Guten Tag");
  await composer.press("Enter");
  await john.locator("article .text", { hasText: "Guten Tag" }).waitFor();
  await john.locator(".room-item-preview", { hasText: "Du: Guten Tag" }).waitFor();
  await john.locator("article[data-state]").first().waitFor({ state: "detached" });
  await john.locator("article").last().hover();
  await john.getByRole("button", { name: "Nachricht bearbeiten" }).first().waitFor();
  // Where the day begins is far above, late in the day.
  expect(await john.locator("article time").last().getAttribute("title")).toMatch(/^(?:\w+tag|Mittwoch), \d/u);
  expect(await englishOn(john)).toEqual([]);
});

test.each([
  ["Mitglieder", /^Mitglieder/u],
  ["Dateien", /^Dateien$/u],
  ["Suche", /^In diesem Raum suchen$/u],
] as const)("the panel %s has no English word", async (label, button) => {
  await john.getByRole("button", { name: button }).first().click();
  await john.getByRole("complementary", { name: label }).getByRole("region", { name: label }).waitFor();
  expect(await englishOn(john)).toEqual([]);
});

test.each([
  ["switcher", "Control+K", "Räume und Personen"],
  ["list of keys", "Control+/", "Überall"],
] as const)("the %s has no English word", async (_name, key, label) => {
  await john.keyboard.press(key);
  await john.getByLabel(label).waitFor();
  expect(await englishOn(john)).toEqual([]);
  await john.keyboard.press("Escape");
  await john.getByLabel(label).waitFor({ state: "detached" });
});

test("the form for a new room has no English word, and says in German what is missing", async () => {
  await john.getByRole("button", { name: "Neuer Raum" }).first().click();
  await john.getByRole("button", { name: "Raum anlegen" }).click();
  await john.getByText("Gib dem Raum einen Namen.").waitFor();
  await john.getByRole("button", { name: "Abbrechen" }).waitFor();
  expect(await englishOn(john)).toEqual([]);
  await john.keyboard.press("Escape");
});

test("what is forbidden or nowhere is said in German", async () => {
  await john.goto(`${server.url}/rooms/999999`);
  await john.getByRole("heading", { name: "Kein Zugang" }).waitFor();
  expect(await englishOn(john)).toEqual([]);
  await john.goto(`${server.url}/nowhere`);
  await john.getByRole("heading", { name: "Seite nicht gefunden" }).waitFor();
  expect(await englishOn(john)).toEqual([]);
});

test("another language can be chosen: at once, without losing a draft, and for the next visit", async () => {
  await john.goto(server.url);
  await john.getByRole("link", { name: ROOM }).click();
  await john.getByRole("textbox", { name: "Nachricht", exact: true }).fill("Noch nicht fertig");
  const german = await settings(john, "Einstellungen und Abmelden", "Einstellungen");
  await german.getByText("Darstellung").waitFor();
  expect(await englishOn(john)).toEqual([]);
  const asked: string[] = [];
  john.on("request", (request) => request.url().endsWith("/graphql") && asked.push(request.postData() ?? ""));
  await german.getByText("English").click();
  const composer = john.getByRole("textbox", { name: "Message", exact: true });
  await composer.waitFor();
  expect(await composer.inputValue()).toBe("Noch nicht fertig");
  await john.locator("html[lang=en]").waitFor({ state: "attached" });
  // All that is known of the rooms stays, and so does the connection.
  expect(asked.filter((body) => body.includes("query Shell") || body.includes("query RoomPage"))).toEqual([]);
  // In a room the next keystroke belongs to the message.
  await until(() => composer.evaluate((field) => field === document.activeElement), "the focus in the message");
  await john.reload();
  await composer.waitFor();
  const english = await settings(john, "Settings and log out", "Settings");
  await english.getByRole("radiogroup", { name: "Language" }).getByText("System").click();
  await john.getByRole("textbox", { name: "Nachricht", exact: true }).waitFor();
});

test("nothing went wrong in the browser", () => expect(faults).toEqual([]));
