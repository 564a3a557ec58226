import { afterEach, describe, expect, it } from "@jest/globals";
import { cleanup, render, waitFor } from "@testing-library/react";
import fc from "fast-check";
import { NAUGHTY_STRINGS } from "../../../test/naughty-strings.js";
import type { CodePart } from "./code-part.js";
import { CodeBlock } from "./code-block.js";
import { highlight } from "./highlight.js";

const textOf = (parts: readonly CodePart[]): string =>
  parts.map((part) => (typeof part === "string" ? part : textOf(part.parts))).join("");

const NAMES = [
  ..."ts tsx js jsx json py bash sh shell sql go rs java css html xml yaml yml diff patch md".split(" "),
  ..."typescript javascript python rust markdown".split(" "),
];

afterEach(cleanup);

describe("a block of code", () => {
  it("is there at once, and coloured when the highlighter has come", async () => {
    const { container } = render(<CodeBlock language="TS" text={'const a = "<b>";'} />);
    expect(container.querySelector("pre")?.innerHTML).toBe('<code>const a = "&lt;b&gt;";</code>');
    expect(container.querySelector(".code-head")?.textContent).toBe("TS");
    await waitFor(() => expect(container.querySelector(".hljs-keyword")?.textContent).toBe("const"));
    expect(container.querySelector("pre")?.textContent).toBe('const a = "<b>";');
  });

  it("is as it was typed when its language is unknown or not said", () => {
    expect(highlight("klingon", "nuqneH")).toBeNull();
    const { container } = render(<CodeBlock language="" text="const a" />);
    expect(container.querySelector("pre")?.innerHTML).toBe("<code>const a</code>");
  });
});

describe("the highlighter", () => {
  it.each(NAMES)("knows %s", (name) => {
    expect(highlight(name, "x")).not.toBeNull();
  });

  it("never changes a character, whatever the code", () => {
    const code = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.constantFrom(...NAUGHTY_STRINGS));
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), code, (name, text) => {
        // What HTML itself does not keep can't come in a message: line ends are normalised, NUL is refused.
        const typed = text.replaceAll(/[\0\r]/gu, "");
        expect(textOf(highlight(name, typed) ?? [])).toBe(typed);
      }),
      { numRuns: 300 },
    );
  });
});
