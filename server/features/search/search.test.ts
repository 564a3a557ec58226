import { describe, expect, test } from "@jest/globals";
import { closenessesOf, parseSearchQuery, QUERY_MAX_CODE_POINTS, QUERY_MAX_PARTS } from "./search.js";

const word = (text: string) => ({ text, isQuoted: false });
const phrase = (text: string) => ({ text, isQuoted: true });
const nothing = { terms: [], from: [], in: [], has: [], afterMs: undefined, beforeMs: undefined };

describe("a query is read as", () => {
  test.each([
    ["words", "  review the\tplan ", { terms: [word("review"), word("the"), word("plan")] }],
    ["words in quotes", '"review the" plan', { terms: [phrase("review the"), word("plan")] }],
    ["words in curly quotes", "“review the” plan", { terms: [phrase("review the"), word("plan")] }],
    ["words in a quote that was not closed", 'plan "review the', { terms: [word("plan"), phrase("review the")] }],
    ["words divided by a wide space", "明日　会議", { terms: [word("明日"), word("会議")] }],
    [
      "words without what stands around them",
      "(plan), «that»! #42",
      { terms: [word("plan"), word("that"), word("42")] },
    ],
    [
      "words with what stands inside of them",
      "don't v2.0.1 C++",
      { terms: [word("don't"), word("v2.0.1"), word("C")] },
    ],
    ["emoji", "🎉 👍🏽", { terms: [word("🎉"), word("👍🏽")] }],
    ["filters", "from:@john in:#12 has:link", { from: ["@john"], in: ["#12"], has: ["link"] }],
    ["filters in any case", "From:john HAS:Image", { from: ["john"], has: ["image"] }],
    ["filters by a Japanese keyboard", "from:john", { from: ["john"] }],
    ["filters with quoted values", 'from:"John Doe" in:"Ideas, all"', { from: ["John Doe"], in: ["Ideas, all"] }],
    ["a day, from its first moment", "after:2025-11-06", { afterMs: Date.UTC(2025, 10, 6) }],
    ["a time without a zone, in UTC", "before:2025-11-06T15:30", { beforeMs: Date.UTC(2025, 10, 6, 15, 30) }],
    ["a time with seconds", "before:2025-11-06T15:30:15", { beforeMs: Date.UTC(2025, 10, 6, 15, 30, 15) }],
    ["a time in a zone", "after:2025-11-06T15:30:00+02:00", { afterMs: Date.UTC(2025, 10, 6, 13, 30) }],
    [
      "the narrowest of several days",
      "after:2025-11-01 after:2025-11-05 before:2025-12-01 before:2025-11-30",
      { afterMs: Date.UTC(2025, 10, 5), beforeMs: Date.UTC(2025, 10, 30) },
    ],
    ["a word, when it is no filter of ours", "note:buy http://x", { terms: [word("note:buy"), word("http://x")] }],
    ["a word, when it is a filter without a value", "from: john", { terms: [word("from"), word("john")] }],
    ["words in quotes, whatever they begin with", '"from:john"', { terms: [phrase("from:john")] }],
    ["words without control characters", "pl\u0000an\u0007", { terms: [word("plan")] }],
  ])("%s", (_what, typed, expected) => {
    expect(parseSearchQuery(typed)).toEqual({ ...nothing, ...expected });
  });
});

describe("a query is refused, with what to do, when", () => {
  test.each([
    ["it is empty", "", /Write a word/],
    ["it is blank", " \u3000\n", /Write a word/],
    ["it has nothing that could be found", '... "" - from:""', /Write a word/],
    ["it is too long", "é".repeat(QUERY_MAX_CODE_POINTS + 1), /at most 200 characters/],
    ["it has too many words", "w ".repeat(QUERY_MAX_PARTS + 1), /at most 20 words/],
    ["it asks for a thing that messages never have", "has:cheese", /file, image or link/],
    ["a day is none", "before:yesterday", /a day such as 2025-11-06/],
    ["a day is not in the calendar", "after:2025-02-30", /a day such as 2025-11-06/],
    ["a time is none", "after:2025-11-06T25:00", /a day such as 2025-11-06/],
  ])("%s", (_when, typed, words) => {
    expect(() => parseSearchQuery(typed)).toThrow(
      expect.objectContaining({
        code: "BAD_USER_INPUT",
        details: { field: "query" },
        message: expect.stringMatching(words),
      }),
    );
  });

  test("but 200 characters outside of Unicode's first plane are 200", () => {
    expect(parseSearchQuery("🎉".repeat(QUERY_MAX_CODE_POINTS)).terms).toHaveLength(1);
  });
});

test.each([
  ["land", ["words", "beginnings", "parts"]],
  ["la", ["words", "beginnings"]],
  ["東京都", ["words"]],
  ["東京 la", ["words", "beginnings"]],
  ['"my land"', ["words"]],
  ["from:me", ["words"]],
])("messages are looked for only as far as they can match more widely: %s", (typed, expected) => {
  expect(closenessesOf(parseSearchQuery(typed))).toEqual(expected);
});
