import { describe, expect, it } from "@jest/globals";
import { changeReactions, type ReactionGroup } from "./reaction.cache.js";
import { toEmoji } from "../emoji/emoji.js";

const john = { __typename: "User", id: "1", chatDisplayName: "John Doe" } as const;
const jane = { __typename: "User", id: "2", chatDisplayName: "Jane Smith" } as const;
const thumbs: ReactionGroup = {
  __typename: "ChatReactionGroup",
  emoji: "👍",
  count: 1,
  viewerHasReacted: false,
  users: [jane],
};

describe("reactions", () => {
  it("count what the event says, and mark one’s own", () => {
    const change = { emoji: "👍", isAdded: true, user: john, isViewer: true, count: 2 };
    expect(changeReactions([thumbs], change)).toEqual([
      { ...thumbs, count: 2, viewerHasReacted: true, users: [jane, john] },
    ]);
  });

  it("are the same whether the answer or the event comes first", () => {
    const answer = { emoji: "👍", isAdded: true, user: john, isViewer: true };
    const event = { ...answer, count: 2 };
    const answerFirst = changeReactions(changeReactions([thumbs], answer), event);
    const eventFirst = changeReactions(changeReactions([thumbs], event), answer);
    expect(answerFirst).toEqual(eventFirst);
  });

  it("disappear with the last one", () => {
    const change = { emoji: "👍", isAdded: false, user: jane, isViewer: false, count: 0 };
    expect(changeReactions([thumbs], change)).toEqual([]);
  });
});

describe("an emoji", () => {
  it("is exactly one, completed where a keyboard leaves something out", () => {
    expect(toEmoji(" 👍 ")).toBe("👍");
    expect(toEmoji("❤")).toBe("❤️");
    expect(toEmoji("👍👍")).toBeNull();
    expect(toEmoji("a")).toBeNull();
  });
});
