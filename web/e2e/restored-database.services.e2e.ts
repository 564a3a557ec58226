import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { pdf } from "../../server/test/files.js";
import { createPostgresDatabase, type PostgresDatabase } from "../../server/test/postgres.js";
import { launchBrowser, openTab, ROOM, roomInList, visit, type Visitor } from "./browser.js";
import { startTcpProxy, type TcpProxy } from "../../server/test/tcp-proxy.js";
import { choose, composer, tray } from "./giving-files.js";
import { edit, messageWith, react } from "./messages.js";
import { startServer, type ServerProcess } from "./server.js";

jest.setTimeout(240_000);

let database: PostgresDatabase;
let server: ServerProcess;
let cable: TcpProxy;
let browser: Browser;
let john: Visitor;
let jane: Visitor;
let secondTab: Page;

beforeAll(async () => {
  database = await createPostgresDatabase();
  const secret = randomBytes(48).toString("base64");
  server = await startServer({ DEMO: "on", DATABASE_URL: database.url, JWT_SECRET: secret });
  cable = await startTcpProxy(server.url);
  browser = await launchBrowser();
  john = await visit(browser, cable.url, "John Doe");
  jane = await visit(browser, server.url, "Jane Smith");
  await john.openRoom(ROOM);
  await jane.openRoom(ROOM);
  secondTab = await openTab(john, "John Doe", "Releases");
}, 240_000);

afterAll(async () => {
  await browser.close();
  await cable.close();
  await server.stop();
  await database.drop();
});

test("a database that is put back under open pages: they show what is in it, and keep what was not sent", async () => {
  for (const person of [john, jane]) await person.mark();
  await jane.send("In the backup");
  await john.sees("In the backup");
  await react(jane, "In the backup");
  await messageWith(john, "In the backup").getByRole("button", { name: /^👍 1/ }).waitFor();
  await database.backUp();
  // All of this is lost.
  await john.send("Said after the backup");
  await jane.sees("Said after the backup");
  await react(jane, "Said after the backup");
  await messageWith(john, "Said after the backup").getByRole("button", { name: /^👍 1/ }).waitFor();
  await edit(jane, "In the backup", "Changed after the backup");
  await john.sees("Changed after the backup");
  await john.page.getByRole("button", { name: "New direct message" }).first().click();
  await john.page.getByRole("dialog").getByText("Bob Stone").click();
  await john.inRoom("Bob Stone");
  await john.openRoom(ROOM);
  // And this is not.
  await choose(john, [{ name: "plan.pdf", type: "application/pdf", bytes: pdf() }]);
  await tray(john).getByText("plan.pdf").waitFor();
  await composer(john).fill("Half a thought");
  await secondTab.getByRole("textbox", { name: "Message", exact: true }).fill("Waiting for the network");
  cable.cut();
  await secondTab.keyboard.press("Enter");
  await secondTab.locator("article[data-state='waiting']").getByText("Waiting for the network").waitFor();
  await database.restore();
  cable.mend();
  for (const person of [john, jane]) {
    await person.sees("In the backup");
    for (const text of ["Said after the backup", "Changed after the backup"])
      await person.page.getByRole("article").getByText(text).waitFor({ state: "detached" });
    await messageWith(person, "In the backup").getByRole("button", { name: /^👍 1/ }).waitFor();
  }
  await roomInList(john.page, ROOM).getByText("Jane Smith: In the backup").waitFor();
  for (const page of [john.page, secondTab]) await roomInList(page, "Bob Stone").waitFor({ state: "detached" });
  await tray(john).getByText("plan.pdf").waitFor();
  expect(await composer(john).inputValue()).toBe("Half a thought");
  await secondTab.locator("article[data-message-id]").getByText("Waiting for the network").waitFor();
});

test("what comes after it takes the place of what was lost, and nothing else of it", async () => {
  await jane.send("Said after the restore");
  await john.sees("Said after the restore");
  await jane.send("And this too");
  for (const person of [john, jane]) {
    await person.sees("And this too");
    for (const text of ["Said after the restore", "And this too"])
      expect(await messageWith(person, text).locator(".chip").count()).toBe(0);
  }
  await composer(john).press("Enter");
  await jane.sees("Half a thought");
  await roomInList(secondTab, ROOM).getByText("You: Half a thought").waitFor();
  for (const person of [john, jane]) {
    expect(person.faults).toEqual([]);
    expect(await person.wasReloaded()).toBe(false);
  }
});
