import { afterEach, beforeEach, expect, it, jest } from "@jest/globals";
import { act, cleanup, render, screen } from "@testing-library/react";
import { createChat } from "../../test/chat.js";
import { ChatContext } from "../session/chat.context.js";
import { LimitNote } from "./limit-note.js";

/** The note under the field of room 1, and all that it has said by the second. */
function renderNote() {
  const chat = createChat();
  const { container } = render(
    <ChatContext value={chat}>
      <LimitNote roomId="1" />
    </ChatContext>,
  );
  const changes = new MutationObserver(() => undefined);
  changes.observe(container, { subtree: true, characterData: true, characterDataOldValue: true });
  const limit = (untilMs: number | null): void =>
    act(() => chat.outbox.limits.set(new Map(untilMs === null ? [] : [["1", untilMs]])));
  return { limit, replaced: () => changes.takeRecords().map(({ oldValue }) => oldValue) };
}

const pass = (ms: number): void => act(() => jest.advanceTimersByTime(ms));
const timer = (): string | null => screen.queryByRole("timer")?.textContent ?? null;
const status = (): string | null => screen.getByRole("status").textContent;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  cleanup();
  jest.useRealTimers();
});

it("counts the seconds, and says nothing of them while what has waited is on its way", () => {
  const { limit } = renderNote();
  limit(Date.now() + 1_500);
  expect(timer()).toBe("Sending too fast – waiting 2 s");
  pass(1_000);
  expect(timer()).toBe("Sending too fast – waiting 1 s");
  pass(1_000);
  expect([timer(), status()]).toEqual([null, "Sending too fast. What waits is sent by itself."]);
  limit(Date.now() + 3_000);
  expect(timer()).toBe("Sending too fast – waiting 3 s");
  limit(null);
  expect([timer(), status()]).toEqual([null, ""]);
});

it("counts from when it has begun, however long the room has been open", () => {
  const { limit, replaced } = renderNote();
  pass(300_000);
  limit(Date.now() + 3_000);
  expect([timer(), replaced()]).toEqual(["Sending too fast – waiting 3 s", []]);
});
