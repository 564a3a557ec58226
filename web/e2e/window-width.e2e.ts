import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { until } from "../../server/test/until.js";
import { DESKTOP, launchBrowser, PHONE } from "./browser.js";
import { LONG_ROOM, startWithHistory, type HistoryServer } from "./history.js";

jest.setTimeout(120_000);

const MESSAGES = 300;
const TABLET = { width: 800, height: 800 };
const LONG_NAME =
  "Wilhelmine Friederike Donaudampfschifffahrtsgesellschaftskapitänswitwe von und zu Hohenlohe-Langenburg";

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

/** How far the end is below what is in view, once nothing of the feed moves any more. */
const restingDistance = (page: Page) =>
  feed(page).evaluate(async (scroller) => {
    const distance = (): number => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    let last = NaN;
    for (let still = 0; still < 10; still = distance() === last ? still + 1 : 0) {
      last = distance();
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return last;
  });

test("who reads the newest message still does when the window becomes narrower, and wider again", async () => {
  const { page } = await history.visit(browser, 0, `/rooms/${LONG_ROOM}`);
  await newest(page).waitFor();
  await until(async () => (await restingDistance(page)) === 0, "the end of the feed");
  for (const size of [TABLET, DESKTOP, PHONE, DESKTOP, PHONE, TABLET]) {
    await page.setViewportSize(size);
    await until(() => page.evaluate((width) => window.innerWidth === width, size.width), "the new width");
    expect([size.width, await restingDistance(page), await page.locator(".pill").count()]).toEqual([size.width, 0, 0]);
  }
  await page.close();
});

test("who reads further up is not taken to the newest message by that", async () => {
  const { page } = await history.visit(browser, 0, `/rooms/${LONG_ROOM}`);
  await newest(page).waitFor();
  await until(async () => (await restingDistance(page)) === 0, "the end of the feed");
  await feed(page).evaluate((scroller) => scroller.scrollBy(0, -900));
  await page.locator(".pill").waitFor();
  await page.setViewportSize(PHONE);
  await until(() => page.evaluate((width) => window.innerWidth === width, PHONE.width), "the new width");
  expect(await restingDistance(page)).toBeGreaterThan(100);
  expect(await page.locator(".pill").count()).toBe(1);
  await page.close();
});

test("a mention of a long name goes on in the next line of a phone, each piece a chip of its own", async () => {
  await history.rename(2, LONG_NAME);
  const { page } = await history.visit(browser, 1, null);
  await page.setViewportSize(PHONE);
  await page.goto(`${history.url}/rooms/${LONG_ROOM}`);
  await history.send(0, "Ask @cleo about the harbour");
  const chip = page.locator(".mention", { hasText: LONG_NAME });
  await chip.waitFor();
  const shown = await chip.evaluate((element) => {
    const pieces = [...element.getClientRects()];
    return {
      lines: pieces.length,
      isInside: pieces.every(({ left, right }) => left >= 0 && right <= window.innerWidth),
      pieces: window.getComputedStyle(element).getPropertyValue("box-decoration-break"),
    };
  });
  expect(shown).toEqual({ lines: expect.any(Number), isInside: true, pieces: "clone" });
  expect(shown.lines).toBeGreaterThan(1);
  expect(await feed(page).evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  await page.close();
});
