import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { until } from "../../server/test/until.js";
import { leaksIn } from "../../server/test/watched-log.js";
import { launchBrowser, ROOM, visit, type Visitor } from "./browser.js";
import { startServer, type ServerProcess } from "./server.js";

jest.setTimeout(120_000);

let server: ServerProcess;
let browser: Browser;
let john: Visitor;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  john = await visit(browser, server.url, "John Doe");
  await john.openRoom(ROOM);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

test("what somebody writes on a page would be found in a log", async () => {
  const text = `planted ${randomUUID()}`;
  expect(leaksIn(text)).toEqual([]);
  await john.send(text);
  await until(() => leaksIn(text).includes(text), "the text to be known");
});

test("and so would a file's name, and the words beside it", async () => {
  const [name, words] = [`${randomUUID()}.txt`, `planted ${randomUUID()}`];
  await john.page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from("plan") });
  await john.send(words);
  await until(() => leaksIn(`${name} ${words}`).length === 2, "both to be known");
});
