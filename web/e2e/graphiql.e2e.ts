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

test("GraphiQL begins without a refusal, says what to do, and has the schema once a user is chosen", async () => {
  const page = await browser.newPage();
  const statuses: number[] = [];
  page.on("response", (response) => void statuses.push(response.status()));
  await page.goto(`${server.url}/graphiql`);
  await page.getByText("In demo mode choose a user above").waitFor();
  const schema = page.waitForResponse((response) => response.url().endsWith("/graphql") && response.ok());
  await page.getByLabel("Demo mode: be").selectOption({ label: "John Doe" });
  expect(await (await schema).text()).toContain("chatRooms");
  expect(statuses.filter((status) => status >= 400)).toEqual([]);
});
