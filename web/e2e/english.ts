import type { Page } from "playwright-core";
import german from "../src/words/de.json" with { type: "json" };
import english from "../src/words/en.json" with { type: "json" };

/** What people wrote, and what is typed as it stands in any language. */
const NOT_OURS = ".row-text, .room-item-preview, .result, code, kbd";

const escape = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`);

/** A compiled message as a pattern: a gap is anything, a plural any of its cases. */
function patternOf(tokens: readonly unknown[]): string {
  return tokens
    .map((token) => {
      if (typeof token === "string") return token === "#" ? String.raw`[\d.,]+` : escape(token);
      const cases: unknown = Array.isArray(token) ? token[2] : undefined;
      if (typeof cases !== "object" || cases === null) return ".+";
      const each = Object.values(cases).filter(Array.isArray);
      return `(?:${each.map(patternOf).join("|")})`;
    })
    .join("");
}

/** The texts of the client that are other ones in German. */
const ENGLISH: readonly RegExp[] = (() => {
  const translated = new Map<string, readonly unknown[]>(Object.entries(german.messages));
  return Object.entries(english.messages)
    .filter(([id, tokens]) => JSON.stringify(translated.get(id)) !== JSON.stringify(tokens))
    .map(([, tokens]) => new RegExp(`^${patternOf(tokens)}$`, "u"));
})();

/** All that a page shows or tells those who hear it, but for what people wrote. */
function textsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate((notOurs) => {
    const found = new Set<string>([document.title]);
    for (const element of document.body.querySelectorAll("*")) {
      if (!element.checkVisibility() || element.closest(notOurs)) continue;
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.add(node.nodeValue ?? "");
      for (const name of ["aria-label", "title", "placeholder", "alt"]) found.add(element.getAttribute(name) ?? "");
    }
    return [...found].map((text) => text.trim()).filter((text) => text !== "");
  }, NOT_OURS);
}

/** The English texts of the client that are on the page. */
export async function englishOn(page: Page): Promise<readonly string[]> {
  const texts = await textsOf(page);
  return texts.filter((text) => ENGLISH.some((pattern) => pattern.test(text)));
}
