import type { BrowserContext, Page } from "playwright-core";

/** What the page has noted about itself since it was last asked. */
export interface Observed {
  readonly lcpMs: number;
  readonly cls: number;
  /** The longest task in ms; 0 when none took longer than 50. */
  readonly longestTaskMs: number;
  /** From a key or click to the frame that shows what came of it: the slowest one in ms, and how many there were. */
  readonly slowestInteractionMs: number;
  readonly interactions: number;
}

declare global {
  interface Window {
    parleyObserved: { lcpMs: number; cls: number; longestTaskMs: number; interactions: Record<number, number> };
  }
}

/** Begins to observe all pages of this context, before anything of theirs runs. */
export async function observe(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const noted = { lcpMs: 0, cls: 0, longestTaskMs: 0, interactions: {} as Record<number, number> };
    window.parleyObserved = noted;
    const watch = (type: string, note: (entry: PerformanceEntry) => void): void => {
      const options = { type, buffered: true, durationThreshold: 16 };
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe(options);
    };
    watch("largest-contentful-paint", (entry) => (noted.lcpMs = entry.startTime));
    watch("longtask", (entry) => (noted.longestTaskMs = Math.max(noted.longestTaskMs, entry.duration)));
    watch("layout-shift", (entry) => {
      const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
      if (!hadRecentInput) noted.cls += value;
    });
    watch("event", (entry) => {
      const { interactionId, duration } = entry as PerformanceEventTiming & { interactionId: number };
      if (interactionId > 0)
        noted.interactions[interactionId] = Math.max(noted.interactions[interactionId] ?? 0, duration);
    });
  });
}

/** What was noted; begins anew. */
export async function takeObserved(page: Page): Promise<Observed> {
  return page.evaluate(() => {
    const { lcpMs, cls, longestTaskMs, interactions } = window.parleyObserved;
    const durations = Object.values(interactions);
    Object.assign(window.parleyObserved, { lcpMs: 0, cls: 0, longestTaskMs: 0, interactions: {} });
    const slowestInteractionMs = Math.max(0, ...durations);
    return { lcpMs, cls, longestTaskMs, slowestInteractionMs, interactions: durations.length };
  });
}
