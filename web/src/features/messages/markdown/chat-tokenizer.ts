import { Tokenizer, type Tokens } from "marked";
import { webAddressAt } from "./autolink.js";

/** Deeper than anybody quotes; beyond it the marks stay text. */
const DEPTH_MAX = 6;

/** More than anybody emphasises in one message; beyond it the marks stay text. */
const EMPHASIS_TRIES_MAX = 150;

/** Before these a backslash is a mark; before all else it is what somebody typed: `C:\_new`, `\d`, `¯\_(ツ)_/¯`. */
const HIDES_BACKSLASH = "*~`";

const QUOTE = /^(?: {0,3}>(?:[ \t][^\n]*|(?=\n|$))(?:\n|$))+/u;
const LIST_START = /^ {0,3}(?:[-*]|\d{1,9}[.)])[ \t]+\S/u;
const LIST_LINE = /^(?:\s*(?:[-*]|\d{1,9}[.)])(?:[ \t]|$)|[ ]{2}|\t)/u;
const FENCE = /^ {0,3}(`{3,})([^\n`]*)\n([\s\S]*?)(?:(?:\n {0,3})?\1`*[ \t]*(?:\n|$)|\n {0,3}\1[ \t]+(?=\S))/u;
/** How far back is looked for the word that marks stand in. */
const MARKS_SEEN = 8;
const INSIDE_A_WORD = /(?:[A-Za-z0-9)\]][*_]*|_)$/u;
const ONE_WORD = /^[\w+#.-]*$/u;

/** The part of a text that begins with a list and is that list: a line that is neither an item nor indented ends it. */
function listPart(src: string): string {
  const lines = src.split("\n");
  let end = 1;
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line.trim() === "") continue;
    if (!LIST_LINE.test(line)) break;
    end = index + 1;
  }
  return lines.slice(0, end).join("\n");
}

/**
 * Markdown as people type it into a chat. What they rarely mean is left as text: HTML, tables, rules, underlined headings,
 * indented code, references, `~one tilde~`, `+` as a bullet, `>` without a space. A line below a list or a quote is not
 * drawn into it.
 */
export class ChatTokenizer extends Tokenizer {
  #depth = 0;
  #tries = 0;

  #deeper<T>(read: () => T): T {
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  override html(): undefined {}
  override tag(): undefined {}
  override def(): undefined {}
  override reflink(): undefined {}
  override table(): undefined {}
  override lheading(): undefined {}
  override code(): undefined {}

  override fences(src: string): Tokens.Code | undefined {
    const closed = FENCE.exec(src);
    if (!closed) return super.fences(src);
    const [raw, , info = "", body = ""] = closed;
    const language = info.trim();
    // What stands beside the fence and is no name of a language is code already.
    return ONE_WORD.test(language)
      ? { type: "code", raw, lang: language, text: body }
      : { type: "code", raw, lang: "", text: `${info.trimEnd()}\n${body}` };
  }

  override blockquote(src: string): Tokens.Blockquote | undefined {
    const found = this.#depth < DEPTH_MAX ? QUOTE.exec(src)?.[0] : undefined;
    if (found === undefined) return undefined;
    const raw = found.replace(/\n$/u, "");
    const text = raw.replace(/^ {0,3}>[ \t]?/gmu, "");
    if (text.trim() === "") return undefined;
    const { state } = this.lexer;
    const { top } = state;
    state.top = true;
    const tokens = this.#deeper(() => this.lexer.blockTokens(text, []));
    state.top = top;
    return { type: "blockquote", raw, text, tokens };
  }

  override list(src: string): Tokens.List | undefined {
    if (this.#depth >= DEPTH_MAX || !LIST_START.test(src)) return undefined;
    return this.#deeper(() => super.list(listPart(src)));
  }

  override escape(src: string): Tokens.Escape | undefined {
    const token = super.escape(src);
    return token && { ...token, text: HIDES_BACKSLASH.includes(token.text) ? token.text : token.raw };
  }

  /** Marks inside a word are arithmetic or a name (`5*4*3`, `2**8`, `__init__`), but in scripts that put no spaces. */
  override emStrong(src: string, maskedSrc: string, previous?: string): Tokens.Em | Tokens.Strong | undefined {
    const at = maskedSrc.length - src.length;
    const before = maskedSrc.slice(Math.max(0, at - MARKS_SEEN), at);
    if (src.startsWith("__") || INSIDE_A_WORD.test(before)) return undefined;
    // Each try reads the rest of the text.
    this.#tries += 1;
    return this.#tries > EMPHASIS_TRIES_MAX ? undefined : super.emStrong(src, maskedSrc, previous);
  }

  override del(src: string, maskedSrc: string, previous?: string): Tokens.Del | undefined {
    return src.startsWith("~~") ? super.del(src, maskedSrc, previous) : undefined;
  }

  override url(src: string): Tokens.Link | undefined {
    const url = webAddressAt(src);
    if (url !== null) return linkTo(url);
    const token = super.url(src);
    return token?.href.startsWith("mailto:") ? token : undefined;
  }
}

function linkTo(url: string): Tokens.Link {
  return { type: "link", raw: url, href: url, text: url, tokens: [{ type: "text", raw: url, text: url }] };
}
