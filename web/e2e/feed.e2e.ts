import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { until } from "../../server/test/until.js";
import { launchBrowser, PHONE, roomInList } from "./browser.js";
import { holdPages, LONG_ROOM, OTHER_ROOM, startWithHistory, type HistoryServer } from "./history.js";

jest.setTimeout(240_000);

const MESSAGES = 5_000;
/** What the eye does not notice. */
const STILL_PX = 2;

let history: HistoryServer;
let browser: Browser;
let ada: Page;

beforeAll(async () => {
  history = await startWithHistory(MESSAGES);
  browser = await launchBrowser();
  ({ page: ada } = await history.visit(browser, 0, `/rooms/${LONG_ROOM}`));
  await ada.locator("article .text").last().waitFor();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await history.stop();
});

const feed = (page: Page) => page.getByRole("log");
const shown = (text: string) => ada.locator("article .text").getByText(text, { exact: true });
const pill = (page: Page) => page.locator(".pill");

/** Where the row in the middle of the feed stands, and which it is. */
function rowUnderTheEye(page: Page): Promise<{ readonly id: string; readonly top: number }> {
  return page.evaluate(() => {
    const box = document.querySelector("[role=log]")?.getBoundingClientRect();
    const rows = [...document.querySelectorAll<HTMLElement>("article[data-message-id]")];
    const row = box && rows.find((each) => each.getBoundingClientRect().bottom > box.top + box.height / 2);
    if (!row) throw new Error("No row is under the eye.");
    return { id: row.dataset["messageId"] ?? "", top: row.getBoundingClientRect().top };
  });
}

/** Where that row stands now; null when it is not there any more. */
function topOf(page: Page, id: string): Promise<number | null> {
  return page.evaluate((wanted) => {
    const row = document.querySelector(`article[data-message-id="${wanted}"]`);
    return row ? row.getBoundingClientRect().top : null;
  }, id);
}

/**
 * Scrolls up, and answers how far the line under the eye moved beside that, frame by frame, until nothing is above or so
 * many steps are done.
 */
function scrollUp(page: Page, mostSteps: number): Promise<readonly number[]> {
  return feed(page).evaluate(async (scroller, most) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const topOfRow = (row: Element): number => row.getBoundingClientRect().top;
    const moves: number[] = [];
    for (let still = 0, steps = 0; still < 90 && steps < most; steps++) {
      const middle = topOfRow(scroller) + scroller.clientHeight / 2;
      const row = [...scroller.querySelectorAll("article")].find(
        (each) => each.getBoundingClientRect().bottom > middle,
      );
      if (!row) throw new Error("No row is under the eye.");
      const byPx = Math.min(scroller.scrollTop, 400);
      const before = topOfRow(row) + byPx;
      scroller.scrollBy(0, -byPx);
      for (let frames = 0; frames < 3; frames++) {
        await frame();
        if (row.isConnected) moves.push(topOfRow(row) - before);
      }
      // Whatever a page takes to come, it comes above.
      const waits = document.querySelector(".page-notice") !== null;
      still = byPx === 0 && !waits ? still + 1 : 0;
    }
    return moves;
  }, mostSteps);
}

/** The moves that the eye notices. */
const jumpsOf = (moves: readonly number[]) =>
  moves.flatMap((px, frame) => (Math.abs(px) > STILL_PX ? [{ frame, px }] : []));

/** The same, once it stands still: rows are measured when they are first shown. */
async function settledRow(page: Page) {
  let last = await rowUnderTheEye(page);
  await until(async () => {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    const now = await rowUnderTheEye(page);
    const isStill = now.id === last.id && now.top === last.top;
    last = now;
    return isStill;
  }, "the feed to stand still");
  return last;
}

test("scrolling up fast through 5,000 messages never moves the line under the eye", async () => {
  await settledRow(ada);
  const moves = await scrollUp(ada, 10_000);
  expect(await ada.locator("article .text").first().innerText()).toContain("Message 1.");
  expect(moves.length).toBeGreaterThan(1_000);
  expect(jumpsOf(moves)).toEqual([]);
});

test("pages that come late, while one waits for them at the top or scrolls on, move nothing either", async () => {
  await ada.goto(`${history.url}/rooms/${LONG_ROOM}`);
  await ada.locator("article .text").last().waitFor();
  await settledRow(ada);
  const oldestShown = async () =>
    Number(await ada.locator("article[data-message-id]").first().getAttribute("data-message-id"));
  const oldest = await oldestShown();
  const network = await ada.context().newCDPSession(ada);
  // Longer than it takes to come to the top, and than the virtualizer takes to think that the scrolling has ended.
  const slow = { offline: false, latency: 400, downloadThroughput: -1, uploadThroughput: -1 };
  await network.send("Network.emulateNetworkConditions", slow);
  const moves = await scrollUp(ada, 300);
  await network.send("Network.emulateNetworkConditions", { ...slow, latency: 0 });
  expect(await oldestShown()).toBeLessThan(oldest - 300);
  expect(jumpsOf(moves)).toEqual([]);
});

test("who stands at the end stays there when an older page comes, even where the browser cuts a scroll short", async () => {
  const { page } = await history.visit(browser, 3, null);
  await page.setViewportSize(PHONE);
  const pages = await holdPages(page);
  await page.goto(`${history.url}/rooms/${LONG_ROOM}`);
  await page.locator("article .text").last().waitFor();
  await pages.asked;
  await settledRow(page);
  const distance = () =>
    feed(page).evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
  expect(await distance()).toBe(0);
  const heightBefore = await feed(page).evaluate((scroller) => {
    const { scrollHeight, scrollTop } = scroller;
    // As where what is in the feed is not as high yet as the page of messages makes it.
    Object.defineProperty(scroller, "scrollTo", {
      configurable: true,
      value: ({ top = 0 }: ScrollToOptions) => {
        const isCut = top > scrollTop + 1_000;
        if (isCut) Reflect.deleteProperty(scroller, "scrollTo");
        scroller.scrollTop = isCut ? scrollTop + 669 : top;
      },
    });
    return scrollHeight;
  });
  pages.release();
  await page.waitForFunction((px) => (document.querySelector(".feed")?.scrollHeight ?? 0) > px + 1_000, heightBefore);
  await until(async () => (await distance()) === 0, "the reader to be at the end");
  await page.close();
});

test("who reads old messages is not moved by what others send, and is told how many there are", async () => {
  await ada.goto(`${history.url}/rooms/${LONG_ROOM}`);
  await ada.locator("article .text").last().waitFor();
  await feed(ada).evaluate((scroller) => scroller.scrollBy(0, -1_000));
  await pill(ada).waitFor();
  const eye = await settledRow(ada);
  for (let index = 0; index < 5; index++) await history.send(1 + (index % 3), `Meanwhile ${index}`);
  await ada.getByRole("button", { name: "5 new" }).waitFor();
  expect(Math.abs(((await topOf(ada, eye.id)) ?? Infinity) - eye.top)).toBeLessThanOrEqual(STILL_PX);
  await ada.getByRole("button", { name: "5 new" }).click();
  await shown("Meanwhile 4").waitFor();
  await pill(ada).waitFor({ state: "detached" });
});

test("edits and reactions above do not move the line under the eye", async () => {
  const own = await history.send(1, "To be changed soon");
  await shown("To be changed soon").waitFor();
  for (let index = 0; index < 30; index++) await history.send(2, `Below ${index}`);
  await shown("Below 29").waitFor();
  const place = ada.locator(`article[data-message-id="${own}"]`);
  await feed(ada).evaluate((scroller) => scroller.scrollBy(0, -300));
  await place.waitFor({ state: "attached" });
  const eye = await settledRow(ada);
  const edit = `mutation($input: EditChatMessageInput!) { editChatMessage(input: $input) { message { id } } }`;
  const react = `mutation($input: AddMessageReactionInput!) { addMessageReaction(input: $input) { reaction { id } } }`;
  await history.ask(1, edit, { input: { messageId: own, content: "Changed\nto\nmany\nlines" } });
  await history.ask(2, react, { input: { messageId: own, emoji: "👍" } });
  await place.getByText("(edited)").waitFor({ state: "attached" });
  await place.getByText("👍").waitFor({ state: "attached" });
  await until(async () => {
    const top = await topOf(ada, eye.id);
    return top !== null && Math.abs(top - eye.top) <= STILL_PX;
  }, "the line under the eye to stand where it stood");
});

test("one’s own message brings the newest into view, wherever one was", async () => {
  await feed(ada).evaluate((scroller) => scroller.scrollTo(0, 0));
  await pill(ada).waitFor();
  const composer = ada.getByRole("textbox", { name: "Message", exact: true });
  await composer.fill("Here I am");
  await composer.press("Enter");
  await ada.locator("article .text", { hasText: "Here I am" }).waitFor();
  await pill(ada).waitFor({ state: "detached" });
});

test("a room counts as read only when its newest message is in view of a window that has the focus", async () => {
  const { page: other } = await history.visit(browser, 0, `/rooms/${OTHER_ROOM}`);
  const link = roomInList(other, "Long history");
  await link.waitFor();
  // Without the focus: another window of this person has it.
  await ada.evaluate(() => {
    Object.defineProperty(document, "hasFocus", { value: () => false, configurable: true });
    window.dispatchEvent(new Event("blur"));
  });
  await history.send(1, "Nobody looks");
  await shown("Nobody looks").waitFor();
  await link.locator(".badge", { hasText: "1" }).waitFor();
  await history.send(1, "Nobody looks yet");
  await link.locator(".badge", { hasText: "2" }).waitFor();
  await ada.evaluate(() => {
    Object.defineProperty(document, "hasFocus", { value: () => true, configurable: true });
    window.dispatchEvent(new Event("focus"));
  });
  await link.locator(".badge").waitFor({ state: "detached" });
});

test("what was read counts as read when the page is left at once, before its turn to be told has come", async () => {
  const { page } = await history.visit(browser, 2, `/rooms/${OTHER_ROOM}`);
  await page.getByRole("textbox", { name: "Message", exact: true }).waitFor();
  // As on a slow network: nothing is heard, which the next turn waits for, and only what outlives its page gets out.
  await page.evaluate(() => {
    const { fetch } = window;
    window.fetch = (input, init) => {
      if (typeof init?.body !== "string" || !init.body.includes("MarkChatRoomRead")) return fetch(input, init);
      if (init.keepalive) void fetch(input, init);
      return new Promise(() => {});
    };
  });
  for (const text of ["Read in time", "Read at last"]) {
    await history.send(1, text, OTHER_ROOM);
    await page.locator("article .text").getByText(text, { exact: true }).waitFor();
  }
  await page.goto("about:blank");
  const unread = async () =>
    JSON.stringify(await history.ask(2, `{ chatRoom(id: ${OTHER_ROOM}) { unreadCount } }`, {}));
  await until(async () => (await unread()).includes('"unreadCount":0'), "the room to be read");
  await page.close();
});
