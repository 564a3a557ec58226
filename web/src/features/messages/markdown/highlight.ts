import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import type { CodePart } from "./code-part.js";

const LANGUAGES = {
  bash,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  markdown,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.registerAliases(["shell", "console"], { languageName: "bash" });

const CLASS = /^hljs-[a-z_-]+/u;

/** The spans that highlight.js writes, and of everything else the text. */
function toParts(nodes: Iterable<Node>): readonly CodePart[] {
  return [...nodes].map((node) => {
    const className = node instanceof Element ? CLASS.exec(node.className)?.[0] : undefined;
    return className === undefined ? (node.textContent ?? "") : { className, parts: toParts(node.childNodes) };
  });
}

/** Cuts code into coloured parts; null when nobody knows its language. */
export function highlight(language: string, code: string): readonly CodePart[] | null {
  if (!hljs.getLanguage(language)) return null;
  const { value } = hljs.highlight(code, { language, ignoreIllegals: true });
  // A document of its own, in which nothing runs or is loaded; in a span, since a body drops the space that it begins with.
  const { body } = new DOMParser().parseFromString(`<body><span>${value}</span>`, "text/html");
  return toParts(body.firstElementChild?.childNodes ?? []);
}
