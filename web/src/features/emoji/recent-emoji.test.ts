import { afterEach, describe, expect, it } from "@jest/globals";
import { createRecentEmoji } from "./recent-emoji.js";

afterEach(() => window.localStorage.clear());

describe("the emoji that one used last", () => {
  it("stand first, each once, and are there after a reload", () => {
    const recent = createRecentEmoji(window.localStorage);
    for (const emoji of ["👍", "🎉", "👍"]) recent.remember(emoji);
    expect(recent.list.get()).toEqual(["👍", "🎉"]);
    for (const emoji of ["😀", "😁", "😂", "🤣", "😃", "😄", "😅"]) recent.remember(emoji);
    expect(recent.list.get()).toHaveLength(8);
    expect(createRecentEmoji(window.localStorage).list.get()).toEqual(recent.list.get());
  });

  it.each(["no JSON", "{}", '["<b>", 1, "👍👍"]'])("are none when what was kept is broken: %s", (kept) => {
    window.localStorage.setItem("parley.emoji.recent", kept);
    expect(createRecentEmoji(window.localStorage).list.get()).toEqual([]);
  });
});
