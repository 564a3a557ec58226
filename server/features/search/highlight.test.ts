import { describe, expect, test } from "@jest/globals";
import { highlightsOf } from "./highlight.js";
import { parseSearchQuery } from "./search.js";

/** The excerpt, with what matches in brackets. */
const marked = (content: string, typed: string): string =>
  highlightsOf(content, parseSearchQuery(typed).terms)
    .map(({ text, isMatch }) => (isMatch ? `[${text}]` : text))
    .join("");

describe("marks in a message", () => {
  test.each([
    ["a word", "Please review this", "review", "Please [review] this"],
    ["a word in its own spelling", "The CAFÉ, a café, cafe\u0301", "cafe", "The [CAFÉ], a [café], [cafe\u0301]"],
    ["a part of a word", "The deployment", "ploy", "The de[ploy]ment"],
    ["a short word only where one begins", "to motto", "to", "[to] motto"],
    ["several words", "one two three", "three one", "[one] two [three]"],
    [
      "quoted words as they stand",
      "quick brown, quickest. quick, Brown",
      '"quick brown"',
      "[quick brown], quickest. [quick, Brown]",
    ],
    ["quoted words as whole ones", "quickest quick", '"quick"', "quickest [quick]"],
    ["a quoted word beside Japanese", "今日React勉強会", '"react"', "今日[React]勉強会"],
    ["Japanese", "明日の会議は会議室です", "会議", "明日の[会議]は[会議]室です"],
    ["another width", "５Ｇとテスト", "5g ﾃｽﾄ", "[５Ｇ]と[テスト]"],
    ["Korean in pieces", "회의는".normalize("NFD"), "회의는", `[${"회의는".normalize("NFD")}]`],
    ["an emoji with its colour", "Good 👍🏽!", "👍", "Good [👍🏽]!"],
    ["an emoji that is joined to others", "Us: 👩‍👧", "👧", "Us: [👩‍👧]"],
    ["an address", "See https://example.org/a_b.", "https://example.org/a_b", "See [https://example.org/a_b]."],
    ["nothing when a filter alone found it", "Please review this", "from:me", "Please review this"],
    ["markup as the text that it is", "<b>bold</b>", "bold", "<b>[bold]</b>"],
  ])("%s", (_what, content, typed, expected) => {
    expect(marked(content, typed)).toBe(expected);
  });
});

test.each([["a+b (c) [d] {2} ^$ | \\ & ~ -- 1&&2"], ["x-y&&z"], ["a\\b"]])("takes %s for nothing but text", (typed) => {
  expect(marked(typed, `"${typed}"`)).toContain("[");
});

describe("of a long message", () => {
  const long = `${"before ".repeat(200)}needle${" after".repeat(200)}`;

  test("what stands around the first match is shown", () => {
    const excerpt = marked(long, "needle");
    expect(excerpt).toMatch(/^….*before \[needle\] after.*…$/u);
    expect(excerpt.length).toBeLessThan(260);
  });

  test("the beginning is shown when a filter alone found it", () => {
    expect(marked(long, "from:me")).toMatch(/^before before.*…$/u);
  });

  test("the end is shown in full when the match is there", () => {
    expect(marked(`${"before ".repeat(200)}needle`, "needle")).toMatch(/^….*\[needle\]$/u);
  });
});

test("the pieces of a short message are the message", () => {
  const content = "Déjà vu\nin the 東京 café 👍🏽\t…";
  expect(
    highlightsOf(content, parseSearchQuery("cafe 京").terms)
      .map(({ text }) => text)
      .join(""),
  ).toBe(content);
});
