import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.js";
import { startServer, type ServerProcess } from "./server.js";

jest.setTimeout(120_000);

let server: ServerProcess;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

test("the page of the REST API shows every call, and makes one, without a request to another host", async () => {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== new URL(server.url).host) faults.push(`a request to ${host}`);
  });
  await page.goto(`${server.url}/docs`);
  await page.getByLabel("Demo mode: be").selectOption({ label: "John Doe" });
  await page.locator("#operations-rooms-getRooms").waitFor();
  expect(await page.locator(".opblock").count()).toBe(17);
  const list = page.locator("#operations-rooms-getRooms");
  await page.locator(".authorization__btn.locked, .authorization__btn[aria-label*='locked']").first().waitFor();
  await list.locator(".opblock-summary-control").click();
  await list.getByRole("button", { name: "Try it out" }).click();
  await list.getByRole("button", { name: "Execute" }).click();
  await list.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();
  expect(await list.locator(".live-responses-table").innerText()).toContain("Project Discussion");
  expect(faults).toEqual([]);
});
