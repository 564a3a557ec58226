import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { countOf, launchBrowser, PHONE, visit, type Visitor } from "./browser.js";
import { startServer, type ServerProcess } from "./server.js";

jest.setTimeout(120_000);

const ROOM = "Project Discussion";
let server: ServerProcess;
let browser: Browser;
let john: Visitor;
let jane: Visitor;

beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  john = await visit(browser, server.url, "John Doe");
  jane = await visit(browser, server.url, "Jane Smith", PHONE);
  await john.openRoom(ROOM);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.stop();
});

test("a message sent in one browser appears in the other, once", async () => {
  await jane.openRoom(ROOM);
  await john.send("Hello Jane");
  await jane.sees("Hello Jane");
  await jane.send("Hello John");
  await john.sees("Hello John");
  for (const person of [john, jane])
    expect(countOf(await person.messages(), ["Hello Jane", "Hello John"])).toEqual([1, 1]);
});

test("while one types, the other sees it", async () => {
  await jane.page.getByRole("textbox", { name: "Message", exact: true }).pressSequentially("I am th");
  await john.page
    .getByText(/Jane Smith is typing/)
    .first()
    .waitFor();
  await jane.send("I am thinking");
  await john.sees("I am thinking");
});

test("a room that somebody creates appears for those in it, and counts what they have not read", async () => {
  await john.page.getByRole("button", { name: "New direct message" }).first().click();
  await john.page.getByRole("dialog").getByText("Jane Smith").click();
  await john.inRoom("Jane Smith");
  await john.send("Just between us");
  await jane.page.getByRole("link", { name: "Back to rooms" }).click();
  const room = jane.page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: "John Doe" });
  await room.getByText("Just between us").waitFor();
  await room.locator(".badge").waitFor();
  await room.click();
  await jane.sees("Just between us");
  await room.locator(".badge").waitFor({ state: "detached" });
});

test("nothing went wrong in either browser, and no other host was asked for anything", () => {
  expect([...john.faults, ...jane.faults]).toEqual([]);
});
