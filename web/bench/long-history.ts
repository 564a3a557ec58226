import type { CDPSession, Page } from "playwright-core";

/** What a history costs that is read to its beginning. */
export interface LongHistory {
  readonly mostNodes: number;
  /** In use after garbage collection, before and after. */
  readonly heapBeforeMb: number;
  readonly heapAfterMb: number;
  readonly longestTaskMs: number;
}

async function heapMb(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  return usedSize / 1024 ** 2;
}

/** Scrolls up as fast as the page lets it, a screen a frame, until the first message is there. */
async function scrollToBeginning(page: Page, first: string): Promise<number> {
  return page.evaluate(async (text) => {
    const feed = document.querySelector<HTMLElement>("[role=log]");
    if (!feed) throw new Error("There is no feed.");
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    let mostNodes = 0;
    const isThere = (): boolean =>
      feed.scrollTop <= 0 &&
      [...feed.querySelectorAll(".text")].some(({ textContent }) => textContent.startsWith(text));
    while (!isThere()) {
      feed.scrollBy(0, -feed.clientHeight);
      await frame();
      mostNodes = Math.max(mostNodes, document.querySelectorAll("*").length);
    }
    return mostNodes;
  }, first);
}

/** @param first how the first message begins */
export async function measureLongHistory(page: Page, first: string): Promise<Omit<LongHistory, "longestTaskMs">> {
  const cdp = await page.context().newCDPSession(page);
  const heapBeforeMb = await heapMb(cdp);
  const mostNodes = await scrollToBeginning(page, first);
  const heapAfterMb = await heapMb(cdp);
  await cdp.detach();
  return { mostNodes, heapBeforeMb, heapAfterMb };
}
