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

/** How many the document that the page shows has: the routes' table holds it complete. */
async function countCalls(): Promise<number> {
  const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, object> };
  return Object.values(paths)
    .flatMap((path) => Object.keys(path))
    .filter((key) => METHODS.has(key)).length;
}
const METHODS: ReadonlySet<string> = new Set(["get", "post", "put", "patch", "delete"]);

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
  await page
    .locator(".opblock")
    .nth((await countCalls()) - 1)
    .waitFor();
  expect(await page.locator(".opblock").count()).toBe(await countCalls());
  const list = page.locator("#operations-rooms-getRooms");
  await page.locator(".authorization__btn.locked, .authorization__btn[aria-label*='locked']").first().waitFor();
  await list.locator(".opblock-summary-control").click();
  await list.getByRole("button", { name: "Try it out" }).click();
  await list.getByRole("button", { name: "Execute" }).click();
  await list.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();
  expect(await list.locator(".live-responses-table").innerText()).toContain("Project Discussion");
  expect(faults).toEqual([]);
});

test("scripts and emoji data come compressed, as whoever asks can read them", async () => {
  const html = await (await fetch(server.url)).text();
  const script = /src="(?<path>\/assets\/[^"]+\.js)"/u.exec(html)?.groups?.path ?? "";
  for (const path of [script, "/emojibase/en/data.json"]) {
    const answerTo = (encodings: string): Promise<Response> =>
      fetch(server.url + path, { headers: { "accept-encoding": encodings } });
    const plain = await answerTo("identity");
    expect(plain.headers.get("content-encoding")).toBeNull();
    const text = await plain.text();
    for (const [asked, given] of [
      ["gzip, br", "br"],
      ["gzip", "gzip"],
    ] as const) {
      const answer = await answerTo(asked);
      expect(answer.headers.get("content-encoding")).toBe(given);
      expect(answer.headers.get("vary")).toMatch(/accept-encoding/iu);
      expect(answer.headers.get("content-type")).toBe(plain.headers.get("content-type"));
      expect(await answer.text()).toBe(text);
    }
  }
});
