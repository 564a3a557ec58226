import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { act, cleanup, render, screen } from "@testing-library/react";
import { createChat } from "../../test/chat.js";
import { ChatContext } from "../session/chat.context.js";
import { ConnectionBanner } from "./connection-banner.js";
import type { ConnectionState } from "./event-stream.js";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  cleanup();
  jest.useRealTimers();
});

/** The banner over a connection that is this for so long, then that. */
function renderBanner() {
  const chat = createChat();
  chat.stream.connection.set("online");
  render(
    <ChatContext value={chat}>
      <ConnectionBanner />
    </ChatContext>,
  );
  const isFor = (state: ConnectionState, ms: number): void => {
    act(() => chat.stream.connection.set(state));
    act(() => jest.advanceTimersByTime(ms));
  };
  return { isFor, words: () => screen.getByRole("status").textContent };
}

describe("the word about the connection", () => {
  it("comes when it has been away for two seconds", () => {
    const { isFor, words } = renderBanner();
    isFor("offline", 1_999);
    expect(words()).toBe("");
    isFor("offline", 1);
    expect(words()).toMatch(/^Reconnecting/);
  });

  it("does not come for breaks that are shorter, however many", () => {
    const { isFor, words } = renderBanner();
    for (let round = 0; round < 20; round++) {
      isFor("offline", 1_900);
      expect(words()).toBe("");
      isFor("online", 10);
    }
  });

  it("goes when the connection has held for a second, and does not flicker while it comes and goes", () => {
    const { isFor, words } = renderBanner();
    isFor("offline", 2_000);
    for (let round = 0; round < 20; round++) {
      isFor("online", 900);
      expect(words()).toMatch(/^Reconnecting/);
      isFor("offline", 100);
      expect(words()).toMatch(/^Reconnecting/);
    }
    isFor("online", 1_000);
    expect(words()).toBe("");
  });
});
