import { describe, expect, it } from "@jest/globals";
import { splitLinks } from "./autolink.js";

const links = (text: string): string[] => splitLinks(text).flatMap((part) => (part.kind === "link" ? [part.text] : []));

describe("links in a text", () => {
  it("are http and https addresses, and nothing else", () => {
    expect(links("see http://a.example/x and https://b.example")).toEqual(["http://a.example/x", "https://b.example"]);
    expect(links("javascript:alert(1) data:text/html,x ftp://a.example mailto:x@a.example")).toEqual([]);
  });

  it("leave the sentence’s own signs outside", () => {
    expect(links("(at https://a.example/x), or https://a.example/y.")).toEqual([
      "https://a.example/x",
      "https://a.example/y",
    ]);
    expect(links("https://en.example/wiki/Parley_(talk)")).toEqual(["https://en.example/wiki/Parley_(talk)"]);
  });

  it("never lose a character of the text", () => {
    const text = '<b>x</b> https://a.example/?q=<script> "https://b.example" end\nnext';
    expect(
      splitLinks(text)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  });
});
