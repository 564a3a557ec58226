import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";
import { until } from "../../server/test/until.js";
import type { HistoryServer } from "../e2e/history.js";
import { takeObserved, type Observed } from "./observe.js";

export const MESSAGES_A_SECOND = 50;
const EVERY_MS = 1000 / MESSAGES_A_SECOND;
const KEY_EVERY_MS = 150;

/** A room in which others write 50 messages a second, while its reader types, clicks and scrolls. */
export interface BusyRoom extends Observed {
  readonly sentPerSecond: number;
}

async function write(history: HistoryServer, count: number): Promise<number> {
  const startedAt = performance.now();
  const sends: Promise<string>[] = [];
  for (let index = 0; index < count; index++) {
    sends.push(history.send(1 + (index % 3), `Busy ${index}: something short that is said in passing.`));
    await pause(Math.max(0, startedAt + (index + 1) * EVERY_MS - performance.now()));
  }
  await Promise.all(sends);
  return count / ((performance.now() - startedAt) / 1000);
}

/** Types words, opens and leaves the menu of emoji, moves through the messages, until it is told to end. */
async function typeAndClick(page: Page, signal: AbortSignal): Promise<void> {
  const composer = page.getByRole("textbox", { name: "Message", exact: true });
  for (let round = 0; !signal.aborted; round++) {
    await composer.click();
    for (const key of "Well then ") {
      await page.keyboard.press(key === " " ? "Space" : key);
      await pause(KEY_EVERY_MS);
    }
    await page
      .locator("article")
      .last()
      .click({ position: { x: 200, y: 5 } });
    await page.keyboard.press("ArrowUp");
    await pause(KEY_EVERY_MS);
  }
}

/** @param page an open room that stands at its newest message */
export async function measureBusyRoom(history: HistoryServer, page: Page, seconds: number): Promise<BusyRoom> {
  // What came before is not of this phase.
  await takeObserved(page);
  const ended = new AbortController();
  const typing = typeAndClick(page, ended.signal);
  const count = seconds * MESSAGES_A_SECOND;
  const sentPerSecond = await write(history, count);
  ended.abort();
  await typing;
  await page
    .getByRole("button", { name: /new|newest/ })
    .or(page.getByText(`Busy ${count - 1}:`))
    .first()
    .waitFor();
  const observed = await takeObserved(page);
  await until(() => observed.interactions > 0, "an interaction to be noted");
  return { ...observed, sentPerSecond };
}
