import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { cleanup, render, waitFor } from "@testing-library/react";
import fc from "fast-check";
import { NAUGHTY_STRINGS } from "../../../test/naughty-strings.js";
import { MessageText } from "../message-text.js";

// The highlighter is loaded by the first block of code and re-renders it; here it is to be there from the beginning.
beforeAll(async () => {
  const { container } = render(<MessageText text={"```ts\nlet a\n```"} />);
  await waitFor(() => {
    if (!container.querySelector(".hljs-keyword")) throw new Error("The code is plain still");
  });
  cleanup();
});

afterEach(cleanup);

function show(text: string): HTMLElement {
  return render(<MessageText text={text} />).container;
}

/** The markup of a message without what only styles it. */
function markupOf(text: string): string {
  const [shown] = show(text).children;
  return (shown?.innerHTML ?? "").replaceAll(/ (class|dir|title|target|rel)="[^"]*"/gu, "");
}

const words = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** All that a reader can find out: the text, the numbers of lists, where links lead. */
function visibleText(container: HTMLElement): string {
  const numbers = [...container.querySelectorAll("li[value]")].map((item) => item.getAttribute("value"));
  const links = [...container.querySelectorAll("a")].map((link) => link.title);
  return [container.textContent, ...numbers, ...links].join(" ");
}

const ELEMENTS = ["A", "BLOCKQUOTE", "BUTTON", "CODE", "DEL", "DIV", "EM", "LI", "OL", "PRE", "SPAN", "STRONG", "UL"];
const ATTRIBUTES = ["aria-expanded", "class", "data-folded", "dir", "href", "rel", "target", "title", "type", "value"];

function expectHarmless(container: HTMLElement): void {
  for (const element of container.querySelectorAll("*")) {
    expect(ELEMENTS).toContain(element.tagName);
    for (const name of element.getAttributeNames()) expect(ATTRIBUTES).toContain(name);
  }
  for (const link of container.querySelectorAll("a")) {
    expect(["http:", "https:", "mailto:"]).toContain(link.protocol);
    expect(link.rel).toBe("noopener noreferrer nofollow");
    expect(link.target).toBe("_blank");
  }
}

describe("Markdown in a message", () => {
  it.each([
    [
      "**bold** *italic* _italic_ ~~gone~~ `code`",
      "<strong>bold</strong> <em>italic</em> <em>italic</em> <del>gone</del> <code>code</code>",
    ],
    ["***both***, **a _b_ c**", "<em><strong>both</strong></em>, <strong>a <em>b</em> c</strong>"],
    ["日本語**太字**日本", "日本語<strong>太字</strong>日本"],
    ["[Parley](https://a.example/x)", '<a href="https://a.example/x">Parley</a>'],
    [
      "at https://a.example/a_b_c, or jane@a.example.",
      'at <a href="https://a.example/a_b_c">https://a.example/a_b_c</a>, or <a href="mailto:jane@a.example">jane@a.example</a>.',
    ],
    ["![a picture](https://a.example/x.png)", '<a href="https://a.example/x.png">a picture</a>'],
    ["- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"],
    ["3. a\n5. b", '<ol><li value="3">a</li><li value="5">b</li></ol>'],
    ["- [x] done\n- [ ] open", "<ul><li>[x] done</li><li>[ ] open</li></ul>"],
    ["> said **so**", "<blockquote>said <strong>so</strong></blockquote>"],
    ["# Title\ntext", "<strong>Title</strong>\ntext"],
  ])("shows %j", (text, markup) => {
    expect(markupOf(text)).toBe(markup);
  });

  it.each([
    "2 * 3 * 4",
    "5*4*3 and 2**8**2",
    "snake_case_name",
    "__init__",
    ":)",
    "1. ",
    "- ",
    "#",
    "#1 is right",
    "+ one",
    ">_<",
    ">>> x = 1",
    "* * *",
    "~5 to ~6",
    "~/a:~/b",
    "C:\\_new \\\\server\\x \\d+\\.\\d",
    "¯\\_(ツ)_/¯",
    "a | b\n--|--\n1 | 2",
    "above\n---\nbelow",
    "above\n===",
    "    indented\n  less",
    "[a] [b][c]",
    "5 > 4 & 3 < 4",
    "&amp; &#60; <b>x</b> <div>",
    "one\ntwo  \nthree\n\n\nsix",
    "end \\\nof line",
    "```",
    "`",
    "**",
    "a ** b",
  ])("leaves %j as typed", (text) => {
    const container = show(text);
    expect(container.textContent).toBe(text);
    expect(container.querySelectorAll(".text *")).toHaveLength(0);
  });

  it("takes the marks from what a backslash protects", () => {
    expect(markupOf("\\*not\\* \\`this\\`")).toBe("*not* `this`");
  });

  it("ends lists and quotes with their lines, and shows no empty line around them but a second one", () => {
    expect(markupOf("- a\nThanks!")).toBe("<ul><li>a</li></ul>Thanks!");
    expect(markupOf("> a\nno")).toBe("<blockquote>a</blockquote>no");
    expect(markupOf("a\n\n- b\n\nc")).toBe("a<ul><li>b</li></ul>c");
    expect(markupOf("a\n\n\n> b\n\n\nc")).toBe("a\n\n<blockquote>b</blockquote>\nc");
    expect(markupOf("> a\n\n- b")).toBe("<blockquote>a</blockquote><ul><li>b</li></ul>");
  });

  it("keeps code between fences to the letter, wherever the fences stand", () => {
    const codeOf = (text: string): (string | undefined)[] =>
      [...show(text).querySelectorAll("pre")].map((pre) => pre.textContent ?? undefined);
    expect(codeOf("```ts\nlet a = *1*;\n\n  b\n```\nafter")).toEqual(["let a = *1*;\n\n  b"]);
    expect(codeOf("```let a\nlet b```")).toEqual(["let a\nlet b"]);
    expect(codeOf("```\ncode\n``` and **more**")).toEqual(["code"]);
    expect(codeOf("```\nnever closed **x**")).toEqual(["never closed **x**"]);
  });
});

describe("any text in a message", () => {
  it.each(NAUGHTY_STRINGS.map((text) => [text]))("is harmless: %j", (text) => {
    const container = show(text);
    expectHarmless(container);
    for (const word of words(text)) expect(visibleText(container)).toContain(word);
  });

  it("is shown without a fault, and no word of it is lost", () => {
    const marks = fc.constantFrom(
      ..."*_~`#>-+|[]()<>!\\\n 1.@:",
      "**",
      "~~",
      "```",
      "\n\n",
      "> ",
      "- ",
      "1. ",
      "  ",
      "](",
      "https://a.example/",
      "<b>",
      "word",
      "naïve",
      "語",
    );
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.array(marks, { maxLength: 60 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const container = show(text);
        expectHarmless(container);
        const shown = visibleText(container);
        for (const word of words(text)) expect(shown).toContain(word);
        cleanup();
      }),
      { numRuns: 500 },
    );
  });
});
