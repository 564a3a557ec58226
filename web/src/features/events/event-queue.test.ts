import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { JANE, messageOf, sent } from "../../test/events.js";
import type { ChatEvent } from "./chat-events.graphql.js";
import { EventQueue, EVENTS_A_BATCH } from "./event-queue.js";
import { browserClock, FLUSH_MAX_MS, FLUSH_MIN_MS, FlushPace } from "./flush-pace.js";

/** A queue on a screen that needs `frameMs` for each batch. */
function createQueue(frameMs: number) {
  const batches: (readonly ChatEvent[])[] = [];
  let nowMs = 0;
  const pace = new FlushPace({
    now: () => nowMs,
    afterPaint: (then) => {
      nowMs += frameMs;
      then();
    },
  });
  const queue = new EventQueue((events) => batches.push(events), pace);
  return { queue, batches, sizes: () => batches.map((batch) => batch.length) };
}

const event = (seq: number): ChatEvent => sent(seq, messageOf(seq, JANE, 0));

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe("events on their way to the screen", () => {
  it("reach it together when they come together, and within 100 ms", () => {
    const { queue, sizes } = createQueue(30);
    for (let round = 0; round < 2; round++) {
      queue.push(event(1));
      queue.push(event(2));
      jest.advanceTimersByTime(100);
    }
    expect(sizes()).toEqual([2, 2]);
  });

  it("reach it more slowly when it takes long to show them", () => {
    const { queue, sizes } = createQueue(120);
    queue.push(event(1));
    jest.advanceTimersByTime(FLUSH_MIN_MS);
    queue.push(event(2));
    jest.advanceTimersByTime(359);
    expect(sizes()).toEqual([1]);
    jest.advanceTimersByTime(1);
    expect(sizes()).toEqual([1, 1]);
  });

  it("are not slowed down by the time in which the page was hidden", async () => {
    const visibility = jest.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    const pace = new FlushPace(browserClock);
    pace.show(() => undefined);
    await jest.advanceTimersByTimeAsync(1_000);
    visibility.mockReturnValue("visible");
    expect(pace.delayMs).toBe(FLUSH_MIN_MS);
    pace.show(() => jest.advanceTimersByTime(100));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(pace.delayMs).toBeGreaterThanOrEqual(300);
    visibility.mockRestore();
  });

  it("are not slowed down by a page that was hidden before it could show the last ones", () => {
    const frames: FrameRequestCallback[] = [];
    const asked = jest.spyOn(window, "requestAnimationFrame").mockImplementation((frame) => frames.push(frame));
    const visibility = jest.spyOn(document, "visibilityState", "get");
    const turn = (state: "hidden" | "visible"): void => {
      visibility.mockReturnValue(state);
      document.dispatchEvent(new Event("visibilitychange"));
    };
    const pace = new FlushPace(browserClock);
    const drawFrame = (): void => {
      frames.shift()?.(0);
      jest.advanceTimersByTime(0);
    };
    pace.show(() => undefined);
    turn("hidden");
    jest.advanceTimersByTime(60_000);
    turn("visible");
    drawFrame();
    expect(pace.delayMs).toBe(FLUSH_MIN_MS);
    pace.show(() => jest.advanceTimersByTime(100));
    drawFrame();
    expect(pace.delayMs).toBe(300);
    asked.mockRestore();
    visibility.mockRestore();
  });

  it("reach it in the end, however long it takes", () => {
    const { queue, sizes } = createQueue(60_000);
    for (const seq of [1, 2]) {
      queue.push(event(seq));
      jest.advanceTimersByTime(FLUSH_MAX_MS);
    }
    expect(sizes()).toEqual([1, 1]);
  });

  it("reach it in parts when there are many, all of them and in order", () => {
    const { queue, batches, sizes } = createQueue(10);
    const events = Array.from({ length: EVENTS_A_BATCH + 1 }, (_, index) => event(index));
    for (const each of events) queue.push(each);
    jest.advanceTimersByTime(FLUSH_MIN_MS);
    expect(sizes()).toEqual([EVENTS_A_BATCH]);
    jest.advanceTimersByTime(FLUSH_MIN_MS);
    expect(batches.flat()).toEqual(events);
  });

  it("reach it at once, and once, when it is asked for", () => {
    const { queue, sizes } = createQueue(10);
    queue.push(event(1));
    queue.flush();
    jest.advanceTimersByTime(1_000);
    expect(sizes()).toEqual([1]);
  });
});
