import { describe, expect, it } from "@jest/globals";
import { TypingSender } from "./typing-sender.js";

function createSender() {
  const sent: boolean[] = [];
  const clock = { nowMs: 0 };
  const sender = new TypingSender({ send: (isTyping) => sent.push(isTyping), now: () => clock.nowMs });
  return { sender, sent, clock };
}

describe("telling that one is typing", () => {
  it("happens at most every two seconds", () => {
    const { sender, sent, clock } = createSender();
    for (clock.nowMs = 0; clock.nowMs < 4_000; clock.nowMs += 100) sender.changed("x");
    expect(sent).toEqual([true, true]);
  });

  it("ends once: when the text was sent, emptied or left", () => {
    const { sender, sent } = createSender();
    sender.changed("x");
    sender.changed("");
    sender.stop();
    expect(sent).toEqual([true, false]);
  });

  it("says nothing when nothing was typed", () => {
    const { sender, sent } = createSender();
    sender.changed(" ");
    sender.stop();
    expect(sent).toEqual([]);
  });
});
