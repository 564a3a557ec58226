import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, ROOM, visit } from "./browser.js";
import { startServer, type ServerProcess } from "./server.js";

jest.setTimeout(180_000);

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A request or a frame of a page of another version: with an id that no server knows. */
const ofOtherVersion = (body: string): string => body.replace(/"sha256Hash":"\w+"/, `"sha256Hash":"${"0".repeat(64)}"`);

/** The texts of documents that a page sends from now on, over HTTP and over WebSocket. */
function textsOf(page: Page): readonly string[] {
  const texts: string[] = [];
  const look = (body: string): void => {
    for (const [, text = ""] of body.matchAll(/"query":"((?:[^"\\]|\\.)+)"/g)) texts.push(text);
  };
  page.on("request", (request) => look(request.url().endsWith("/graphql") ? (request.postData() ?? "") : ""));
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => look(payload.toString())));
  return texts;
}

describe("where only the web client's own documents are executed", () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer({ TRUSTED_DOCUMENTS: "only" });
  });
  afterAll(() => server.stop());

  test("two people talk, find, react and are told, and no document's text is sent", async () => {
    const john = await visit(browser, server.url, "John Doe");
    const jane = await visit(browser, server.url, "Jane Smith");
    const texts = [textsOf(john.page), textsOf(jane.page)];
    // So that everything since the first request is seen.
    for (const { page } of [john, jane]) await page.reload();
    await john.openRoom(ROOM);
    await jane.openRoom(ROOM);
    await john.send("By its id alone");
    await jane.sees("By its id alone");
    await jane.send("So is this");
    await john.sees("So is this");
    expect(texts).toEqual([[], []]);
    expect([john.faults, jane.faults]).toEqual([[], []]);
  });

  test("a page of another version says so, keeps what was written, and goes on after a reload", async () => {
    const john = await visit(browser, server.url, "John Doe");
    await john.openRoom(ROOM);
    // As if the server had been replaced by one that knows none of this page's documents.
    let isOther = true;
    await john.page.route("**/graphql", async (route) => {
      const body = route.request().postData();
      if (!isOther || body === null) return route.continue();
      return route.continue({ postData: ofOtherVersion(body) });
    });
    await john.send("Kept for the next version");
    const alert = john.page.getByRole("alert").filter({ hasText: "There is a new version" });
    await alert.waitFor();
    isOther = false;
    await alert.getByRole("button", { name: "Reload" }).click();
    await john.sees("Kept for the next version");
    await alert.waitFor({ state: "detached" });
  });
});

test("where others are executed too, a page whose documents are not known sends their texts, and nobody notices", async () => {
  const server = await startServer();
  try {
    const john = await visit(browser, server.url, "John Doe");
    const jane = await visit(browser, server.url, "Jane Smith");
    await john.page.routeWebSocket("**/graphql", (socket) => {
      const behind = socket.connectToServer();
      socket.onMessage((frame) => behind.send(ofOtherVersion(frame.toString())));
    });
    await john.page.route("**/graphql", (route) => {
      const body = route.request().postData();
      if (body === null) return route.continue();
      return route.continue({ postData: ofOtherVersion(body) });
    });
    const texts = textsOf(john.page);
    await john.page.reload();
    await john.openRoom(ROOM);
    await jane.openRoom(ROOM);
    await john.send("Understood all the same");
    await jane.sees("Understood all the same");
    await jane.send("And heard");
    await john.sees("And heard");
    expect(texts.length).toBeGreaterThan(0);
    expect(await john.page.getByRole("alert").filter({ hasText: "There is a new version" }).count()).toBe(0);
  } finally {
    await server.stop();
  }
});
