import { execFile } from "node:child_process";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { pdf } from "../../server/test/files.js";
import { until } from "../../server/test/until.js";
import { launchBrowser, openTab, ROOM, roomInList, visit, type Visitor } from "./browser.js";
import { choose, composer, stored, tray } from "./giving-files.js";
import { startServer, type ServerProcess } from "./server.js";

jest.setTimeout(120_000);

const TOKEN = join(import.meta.dirname, "../../dist/server/cli/token.js");
const TOKEN_KEY = "parley.token";
let server: ServerProcess;
let browser: Browser;
let john: Visitor;
let jane: Visitor;

beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  john = await visit(browser, server.url, "John Doe");
  jane = await visit(browser, server.url, "Jane Smith");
  await john.openRoom(ROOM);
  await jane.openRoom(ROOM);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.stop();
});

const failedRow = (page: Page) => page.locator("article[data-state='failed']");

async function sendFile(name: string, bytes: Buffer, words: string): Promise<void> {
  await choose(john, [{ name, type: name.endsWith(".pdf") ? "application/pdf" : "image/png", bytes }]);
  await tray(john).getByText(name).waitFor();
  await composer(john).fill(words);
  await composer(john).press("Enter");
}

test("what was refused keeps its words and says why, also after a reload, until it is discarded", async () => {
  await sendFile("not-a-picture.png", Buffer.from("This is text."), "Words that matter");
  for (const _round of ["before", "after a reload"]) {
    await failedRow(john.page).getByText("Words that matter").waitFor();
    await failedRow(john.page)
      .getByText(/Not sent\. .*Allowed are jpg/)
      .waitFor();
    await john.page.reload();
    await john.inRoom(ROOM);
  }
  await failedRow(john.page).getByRole("button", { name: "Discard" }).click();
  await failedRow(john.page).waitFor({ state: "detached" });
  expect((await jane.messages()).includes("Words that matter")).toBe(false);
});

test("a file that could not be stored says that it waits, and is sent by itself once there is room for it", async () => {
  // Where the files are kept is something else for a while: the server can't store any.
  const media = join(server.dataDir, "media");
  await rename(media, `${media}.away`);
  await writeFile(media, "");
  await sendFile("plan.pdf", pdf(), "Here is the plan");
  const waiting = john.page.locator("article[data-state='slowed']");
  await waiting.getByText("Here is the plan").waitFor();
  await waiting.getByText("The server asked for a pause. Sending again soon …").waitFor();
  await rm(media);
  await rename(`${media}.away`, media);
  await stored(jane, "plan.pdf").getByText("Here is the plan").waitFor();
  await waiting.waitFor({ state: "detached" });
  expect((await jane.messages()).filter((text) => text.includes("Here is the plan"))).toHaveLength(1);
});

test("a log-in that has ended leads to the log-in page, and from there back to the same place with the draft", async () => {
  const page = await openTab(john, "John Doe");
  const field = page.getByRole("textbox", { name: "Message", exact: true });
  await page.goto(`${server.url}/rooms/1?panel=members`);
  await field.fill("Half a thought");
  const env = { PATH: process.env.PATH, DATA_DIR: server.dataDir };
  const args = [TOKEN, "--user", "john", "--ttl", "8s"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  await page.evaluate(
    ([key = "", token = ""]) => window.sessionStorage.setItem(key, token),
    [TOKEN_KEY, stdout.trim()],
  );
  await page.reload();
  await page.getByText("Your session has ended. Log in to go on where you were.").waitFor();
  await page.getByRole("button", { name: "John Doe @" }).click();
  await page.getByRole("region", { name: "Members" }).getByText("Bob Stone").waitFor();
  expect(page.url()).toBe(`${server.url}/rooms/1?panel=members`);
  expect(await field.inputValue()).toBe("Half a thought");
  await field.fill("");
  await page.close();
});

test("a draft is in all tabs of the one who writes it, and in none once it is sent", async () => {
  const page = await john.context.newPage();
  await page.goto(server.url);
  await page.getByRole("button", { name: "John Doe @" }).click();
  await roomInList(page, "Releases").click();
  await composer(john).fill("Begun in one tab");
  await roomInList(page, ROOM).getByText("Begun in one tab").waitFor();
  // Every page of a headless browser believes that it has the focus.
  await page.evaluate(() => Object.assign(document, { hasFocus: () => false }));
  await roomInList(page, ROOM).click();
  const field = page.getByRole("textbox", { name: "Message", exact: true });
  await until(async () => (await field.inputValue()) === "Begun in one tab", "the draft in the other tab");
  await composer(john).fill("Begun in one tab, and gone on with");
  await until(async () => (await field.inputValue()).endsWith("gone on with"), "the draft as it goes on");
  await composer(john).press("Enter");
  await until(async () => (await field.inputValue()) === "", "no draft in the other tab");
  await page.close();
});

test("a start without a server says so until it succeeds, also while it is tried again", async () => {
  const { page } = john;
  const queries = "**/graphql";
  await page.route(queries, (route) => route.abort());
  await page.reload();
  const problem = page.getByRole("alert").filter({ hasText: "This could not be loaded" });
  await problem.waitFor();
  for (const _again of ["once", "twice"]) {
    await page.waitForRequest(queries);
    expect(await problem.isVisible()).toBe(true);
  }
  await page.unroute(queries);
  await john.inRoom(ROOM);
});

test("emoji that can’t be loaded say why, and come by themselves as soon as they can", async () => {
  const { page } = john;
  await page.route("**/emojibase/**", (route) => route.abort());
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  await page.getByText("No connection to the server. The emoji come when it is back.").waitFor();
  await page.unroute("**/emojibase/**");
  await page.getByRole("grid").getByRole("button").or(page.getByRole("gridcell")).first().waitFor();
  await page.keyboard.press("Escape");
});

test("a link to a message that is not there opens the room, and says so", async () => {
  const { page } = john;
  await page.goto(`${server.url}/rooms/1/messages/999999`);
  await john.inRoom(ROOM);
  await page.getByText("That is no longer there.").waitFor();
  await page.locator("article[data-message-id]").last().waitFor();
});

test("links into rooms that one may not see tell nothing of them", async () => {
  const { page } = jane;
  for (const path of ["/rooms/5", "/rooms/5/messages/1", "/rooms/5?panel=files", "/rooms/999", "/rooms/nonsense"]) {
    await page.goto(server.url + path);
    await page.getByRole("heading", { name: "No access" }).waitFor();
    expect(await page.content()).not.toContain("Beta notes");
  }
  await page.getByRole("link", { name: "Go to your rooms" }).click();
  await jane.openRoom(ROOM);
});

test("a room that one was removed from closes with a notice, and gives back what was waiting for it", async () => {
  const room = jane.page.url();
  // Hears what happens, and can say nothing.
  await jane.page.route("**/graphql", (route) => route.abort());
  await composer(jane).fill("Words that **matter**");
  await composer(jane).press("Enter");
  await jane.page.locator("article[data-state='waiting']").waitFor();
  await john.page.getByRole("button", { name: /^Members/ }).click();
  await john.page.getByRole("button", { name: "Remove Jane Smith" }).click();
  await john.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await jane.page.getByText(`“${ROOM}” is no longer open to you`).waitFor();
  await jane.page.getByRole("main", { name: "Welcome" }).waitFor();
  await roomInList(jane.page, ROOM).waitFor({ state: "detached" });
  await jane.page.unroute("**/graphql");
  const givenBack = jane.page.getByRole("alert").filter({ hasText: "Words that **matter**" });
  await givenBack.getByText(/^This was not sent: the room is no longer open to you/).waitFor();
  await jane.page.reload();
  await givenBack.waitFor();
  await givenBack.getByRole("button", { name: "Discard" }).click();
  await givenBack.waitFor({ state: "detached" });
  await jane.page.goto(room);
  await jane.page.getByRole("heading", { name: "No access" }).waitFor();
});

test("nothing went wrong in either browser", () => {
  expect([...john.faults, ...jane.faults]).toEqual([]);
});
