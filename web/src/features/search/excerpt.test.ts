import { describe, expect, it } from "@jest/globals";
import { excerptOf } from "./excerpt.js";

const BOB = { id: "2", chatUsername: "bob", chatDisplayName: "Bob Brown" };

/** What the server answers for a content with what matches in brackets. */
function foundIn(marked: string) {
  const highlights = marked
    .split(/(?<=⟧)|(?=⟦)/u)
    .map((text) => ({ text: text.replace(/[⟦⟧]/gu, ""), isMatch: text.startsWith("⟦") }));
  return { content: marked.replace(/[⟦⟧]/gu, ""), mentions: [BOB], highlights };
}

const shown = (found: Parameters<typeof excerptOf>[0]): string =>
  excerptOf(found)
    .map(({ text, isMatch }) => (isMatch ? `⟦${text}⟧` : text))
    .join("");

describe("an excerpt of a message that was found", () => {
  it.each([
    ["bold words", "**The ⟦deploy⟧ment** is _⟦deploy⟧ed_", "The ⟦deploy⟧ment is ⟦deploy⟧ed"],
    ["a word that is all of a mark", "Look: **⟦now⟧**", "Look: ⟦now⟧"],
    ["words of which one is marked", "a **⟦quick** brown⟧ fox", "a ⟦quick brown⟧ fox"],
    ["neighbours that match each for itself", "⟦one⟧ ⟦two⟧", "⟦one⟧ ⟦two⟧"],
    [
      "code and a link",
      "run `⟦make⟧ all`, see [the ⟦make⟧file](https://a.example/x)",
      "run ⟦make⟧ all, see the ⟦make⟧file",
    ],
    ["a list", "- ⟦one⟧\n- two", "• ⟦one⟧\n• two"],
    ["somebody who is mentioned", "**hello** @bob, ⟦hi⟧", "hello @Bob Brown, ⟦hi⟧"],
    ["a mention that matches", "hello @⟦bob⟧!", "hello ⟦@Bob Brown⟧!"],
    ["an emoji with its colour", "*good* ⟦👍🏽⟧", "good ⟦👍🏽⟧"],
    ["what is no mark", "2 * 3 = ⟦6⟧, snake_case", "2 * 3 = ⟦6⟧, snake_case"],
  ])("shows %s", (_what, typed, words) => {
    expect(shown(foundIn(typed))).toBe(words);
  });

  it("knows a mark that begins before it", () => {
    const before = "word ".repeat(100);
    const content = `**${before}needle** ${"after ".repeat(100)}`;
    const highlights = [
      { text: `…${before.slice(-60)}`, isMatch: false },
      { text: "needle", isMatch: true },
      { text: `** ${"after ".repeat(100).slice(0, 171)}…`, isMatch: false },
    ];
    const excerpt = shown({ content, mentions: [], highlights });
    expect(excerpt).toMatch(/^…(?:word )+⟦needle⟧ after .*…$/u);
    expect([...excerpt].length).toBeLessThan(250);
  });

  it("is what was found when the message was changed since", () => {
    const found = foundIn("the **old ⟦words⟧**");
    expect(shown({ ...found, content: "something else" })).toBe("the old ⟦words⟧");
  });
});
