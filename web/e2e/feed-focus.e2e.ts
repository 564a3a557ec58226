import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { until } from "../../server/test/until.js";
import { launchBrowser, PHONE, roomInList } from "./browser.js";
import { holdPages, LONG_ROOM, OTHER_ROOM, startWithHistory, type HistoryServer } from "./history.js";

jest.setTimeout(240_000);

/** More than a window holds, and than a page that comes at once. */
const MESSAGES = 1_200;
const UNREAD = 130;

let history: HistoryServer;
let browser: Browser;

beforeAll(async () => {
  history = await startWithHistory(MESSAGES);
  browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await history.stop();
});

const feed = (page: Page) => page.getByRole("log");
const newest = (page: Page) => page.locator(`article[data-message-id="${10_000 + MESSAGES - 1}"]`);
/** The message that has the focus; null when none has. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-message-id") ?? null);

/** Whether what has the focus is whole in the visible part of the feed. */
const focusIsInView = (page: Page) =>
  feed(page).evaluate((scroller) => {
    const [around, box] = [scroller.getBoundingClientRect(), document.activeElement?.getBoundingClientRect()];
    return box !== undefined && box.top >= around.top - 1 && box.bottom <= around.bottom + 1;
  });

/** How far the end is below what is in view. */
const distance = (page: Page) =>
  feed(page).evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);

async function untilAtEnd(page: Page): Promise<void> {
  await newest(page).waitFor();
  await until(async () => (await distance(page)) === 0, "the reader to be at the end");
}

/** Scrolls up by so many pixels, frame by frame, as fast as one can. */
const scrollUp = (page: Page, px: number) =>
  feed(page).evaluate(async (scroller, all) => {
    for (let done = 0; done < all; done += 400) {
      scroller.scrollBy(0, -400);
      for (let frames = 0; frames < 3; frames++) await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, px);

/** A phone at the end of the long room, to which the page of older messages does not come until it is let through. */
async function openBeforeOlderPage() {
  const { page } = await history.visit(browser, 3, null);
  await page.setViewportSize(PHONE);
  const pages = await holdPages(page);
  await page.goto(`${history.url}/rooms/${LONG_ROOM}`);
  await newest(page).waitFor();
  await feed(page).evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
  await untilAtEnd(page);
  await pages.asked;
  return { page, release: pages.release };
}

/** Lets the page come while a scroll of the client's own to the end has come short and has not been reported yet. */
async function letPageComeInScroll(page: Page, release: () => void): Promise<void> {
  const heightBefore = await feed(page).evaluate((scroller) => {
    Object.defineProperty(scroller, "scrollTo", {
      configurable: true,
      value: ({ top = 0 }: ScrollToOptions) => {
        scroller.scrollTop = Math.min(top, scroller.scrollHeight - scroller.clientHeight) - 20;
      },
    });
    window.addEventListener("scroll", (event) => event.stopImmediatePropagation(), { capture: true });
    return scroller.scrollHeight;
  });
  // A lower feed is what it scrolls for.
  await page.setViewportSize({ ...PHONE, height: PHONE.height - 36 });
  await until(async () => (await distance(page)) === 20, "the scroll to come short");
  release();
  await page.waitForFunction((px) => (document.querySelector(".feed")?.scrollHeight ?? 0) > px + 1_000, heightBefore);
}

test("who stands at the newest message keeps it as it is when an older page comes in the middle of a scroll", async () => {
  const { page, release } = await openBeforeOlderPage();
  const row = await newest(page).elementHandle();
  await letPageComeInScroll(page, release);
  expect(await row?.evaluate((element) => element.isConnected)).toBe(true);
  await page.close();
});

test("who has its menu open keeps that, too", async () => {
  const { page, release } = await openBeforeOlderPage();
  await newest(page).focus();
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menu").waitFor();
  await letPageComeInScroll(page, release);
  expect(await page.getByRole("menu").isVisible()).toBe(true);
  await page.keyboard.press("Escape");
  await until(async () => (await focused(page)) !== null, "the focus to be back in the message");
  await page.close();
});

test("a message that has the focus keeps it however far one scrolls, and a key leads back to it", async () => {
  const { page } = await history.visit(browser, 0, `/rooms/${LONG_ROOM}`);
  await untilAtEnd(page);
  await newest(page).focus();
  const id = await focused(page);
  await scrollUp(page, 6_000);
  expect([await focused(page), await focusIsInView(page)]).toEqual([id, false]);
  await page.keyboard.press("c");
  await until(() => focusIsInView(page), "the message that has the focus to be in view");
  expect(await focused(page)).toBe(id);
  await scrollUp(page, 6_000);
  await page.keyboard.press("k");
  await until(() => focusIsInView(page), "the message above it to be in view");
  expect(await focused(page)).toBe(String(Number(id) - 1));
  await page.close();
});

test("when so much is loaded that its page is let go of, the feed keeps the focus, and a key goes on from what is in view", async () => {
  const { page } = await history.visit(browser, 1, `/rooms/${LONG_ROOM}`);
  await untilAtEnd(page);
  await newest(page).focus();
  await scrollUp(page, 40_000);
  await until(async () => {
    await scrollUp(page, 4_000);
    return (await focused(page)) === null;
  }, "the newest message to be let go of");
  expect(await feed(page).evaluate((scroller) => scroller === document.activeElement)).toBe(true);
  await page.keyboard.press("j");
  await until(async () => (await focused(page)) !== null, "a message to have the focus");
  await until(() => focusIsInView(page), "it to be in view");
  await page.close();
});

test("after a deletion the feed has the focus, and a key leads on to a message", async () => {
  const { page } = await history.visit(browser, 3, `/rooms/${LONG_ROOM}`);
  const own = page.locator(`article[data-message-id="${await history.send(3, "Said too early")}"]`);
  await own.focus();
  await page.keyboard.press("Delete");
  await page.getByRole("dialog", { name: "Delete this message?" }).waitFor();
  await page.getByRole("button", { name: "Delete", exact: true }).press("Enter");
  await own.waitFor({ state: "detached" });
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await until(
    () => feed(page).evaluate((scroller) => scroller === document.activeElement),
    "the feed to have the focus",
  );
  await page.keyboard.press("k");
  await until(async () => (await focused(page)) !== null, "a message to have the focus");
  await until(() => focusIsInView(page), "it to be in view");
  await page.close();
});

test("arrows lead to what is seen of a long message, and to the rest once it is unfolded", async () => {
  const { page } = await history.visit(browser, 3, `/rooms/${LONG_ROOM}`);
  const lines = Array.from({ length: 40 }, (_, line) => `Line ${line + 1}`);
  const text = ["[above](https://example.com/above)", ...lines, "[below](https://example.com/below)"].join("\n");
  const row = page.locator(`article[data-message-id="${await history.send(0, text)}"]`);
  await row.focus();
  const words = () =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
  /** What the arrow leads to, up to what folds and unfolds the message. */
  const walk = async (last: string): Promise<readonly unknown[]> => {
    const seen: unknown[] = [];
    await until(async () => {
      await page.keyboard.press("ArrowRight");
      seen.push(await words());
      return seen.at(-1) === last;
    }, last);
    return seen;
  };
  expect(await walk("Show all")).toEqual(["above", "Show all"]);
  expect(await row.locator(".text").evaluate(({ scrollTop }) => scrollTop)).toBe(0);
  await page.keyboard.press("ArrowLeft");
  expect(await words()).toBe("above");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await row.getByRole("button", { name: "Show less" }).waitFor();
  await row.focus();
  expect(await walk("Show less")).toEqual(["above", "below", "Show less"]);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Escape");
  await page.close();
});

/** How much somebody has not read in the other room, as the server has it. */
async function unreadCountOf(person: number): Promise<number> {
  const query = `query ($id: ID!) { chatRoom(id: $id) { unreadCount } }`;
  return parseUnread(await history.ask(person, query, { id: String(OTHER_ROOM) }));
}

function parseUnread(answer: unknown): number {
  const { data } = answer as { readonly data: { readonly chatRoom: { readonly unreadCount: number } } };
  return data.chatRoom.unreadCount;
}

test("a room that one has never read opens at its first message, and counts as read when one has been at the newest one", async () => {
  for (let number = 1; number <= UNREAD; number++) await history.send(1, `Unread ${number}`, OTHER_ROOM);
  const { page } = await history.visit(browser, 2, `/rooms/${OTHER_ROOM}`);
  const text = (words: string) => page.locator("article .text").getByText(words, { exact: true });
  await text("Unread 1").waitFor();
  await page.getByRole("separator", { name: "New messages" }).waitFor();
  await until(
    () => feed(page).evaluate(({ scrollTop }) => scrollTop < 10),
    "its first message, and what is above it, to be in view",
  );
  expect(await unreadCountOf(2)).toBe(UNREAD);
  await page.locator(".pill").click();
  await text(`Unread ${UNREAD}`).waitFor();
  await until(async () => (await unreadCountOf(2)) === 0, "everything to be read");
  await roomInList(page, "Quiet corner").locator(".badge").waitFor({ state: "detached" });
  await page.close();
});
