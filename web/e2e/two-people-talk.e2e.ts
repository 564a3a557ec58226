import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { launchBrowser, PHONE, ROOM, visit, type Visitor } from "./browser.js";
import { conversation } from "./conversation.js";
import { startServer, type ServerProcess } from "./server.js";

jest.setTimeout(120_000);

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

conversation(() => [john, jane]);

test("nothing went wrong in either browser, and no other host was asked for anything", () => {
  expect([...john.faults, ...jane.faults]).toEqual([]);
});
