import { Lexer, type MarkedToken, type Token } from "marked";
import { isWebAddress, splitLinks } from "./autolink.js";
import { ChatTokenizer } from "./chat-tokenizer.js";
import type { Block, Inline, ListItem } from "./blocks.js";

const INLINE_DEPTH_MAX = 12;

interface Place {
  readonly depth: number;
  readonly isInLink: boolean;
}

const OUTSIDE: Place = { depth: 0, isInLink: false };

const text = (content: string): Inline => ({ kind: "text", text: content });

/** Only what can do nothing but open a page or write a mail. */
function isSafe(href: string): boolean {
  return isWebAddress(href) || (URL.canParse(href) && new URL(href).protocol === "mailto:");
}

interface Target {
  readonly raw: string;
  readonly href: string;
  readonly title?: string | null;
}

/** A link to where it says, or the text that was typed: in a link there is no other, and not every address is safe. */
function parseLink({ raw, href, title }: Target, children: readonly Inline[], at: Place): Inline[] {
  if (at.isInLink || !isSafe(href)) return [text(raw)];
  const hint = title ? `${title}\n${href}` : href;
  return [{ kind: "link", href, hint, children: children.length > 0 ? children : [text(href)] }];
}

function parseInline(token: MarkedToken, at: Place): Inline[] {
  const deeper = { ...at, depth: at.depth + 1 };
  switch (token.type) {
    case "text":
      return token.tokens ? parseInlines(token.tokens, at) : [text(token.raw)];
    case "escape":
      return [text(token.text)];
    case "strong":
    case "em":
    case "del":
      return [{ kind: token.type, children: parseInlines(token.tokens, deeper) }];
    case "codespan":
      return [{ kind: "code", text: token.text }];
    case "link":
      return parseLink(token, parseInlines(token.tokens, { ...deeper, isInLink: true }), at);
    case "image":
      return parseLink(token, token.text ? [text(token.text)] : [], at);
    case "blockquote":
    case "br":
    case "checkbox":
    case "code":
    case "def":
    case "heading":
    case "hr":
    case "html":
    case "list":
    case "list_item":
    case "paragraph":
    case "space":
    case "table":
      return [text(token.raw)];
  }
}

function parseInlines(tokens: readonly Token[], at: Place): Inline[] {
  return tokens.flatMap((token) =>
    at.depth < INLINE_DEPTH_MAX ? parseInline(parseKnown(token), at) : [text(token.raw)],
  );
}

/** The lexer's types leave room for extensions' tokens; there are none here. */
function parseKnown(token: Token): MarkedToken {
  return token as MarkedToken;
}

function parseItem(item: { readonly raw: string; readonly tokens: readonly Token[] }): ListItem {
  const typed = /^\s*(\d+)[.)]/u.exec(item.raw)?.[1];
  return { number: typed === undefined ? null : Number(typed), blocks: parseBlocks(item.tokens) };
}

function flow(children: readonly Inline[]): Block {
  return { kind: "flow", children };
}

function parseBlock(token: MarkedToken): Block {
  switch (token.type) {
    case "paragraph":
    case "text":
      return flow(token.tokens ? parseInlines(token.tokens, OUTSIDE) : [text(token.raw)]);
    case "heading": {
      // A line in bold: a chat has no place for a title.
      const children = parseInlines(token.tokens, OUTSIDE);
      return flow(children.length > 0 ? [{ kind: "strong", children }] : [text(token.raw.trimEnd())]);
    }
    case "blockquote":
      return { kind: "quote", blocks: parseBlocks(token.tokens) };
    case "list":
      return { kind: "list", isOrdered: token.ordered, items: token.items.map(parseItem) };
    case "code":
      if (token.text === "") return flow([text(token.raw.trimEnd())]);
      return { kind: "code", language: token.lang ?? "", text: token.text };
    case "checkbox":
      return flow([text(token.raw)]);
    case "br":
    case "codespan":
    case "def":
    case "del":
    case "em":
    case "escape":
    case "hr":
    case "html":
    case "image":
    case "link":
    case "list_item":
    case "space":
    case "strong":
    case "table":
      return flow([text(token.raw.replace(/\n+$/u, ""))]);
  }
}

const breaks = (count: number): Inline[] => (count > 0 ? [text("\n".repeat(count))] : []);

/**
 * Puts a block after the others, with the line breaks that were typed between them. Two flows become one. A block that
 * is no flow begins and ends its line by itself and stands apart by its margin: one empty line around it is the way to
 * write it, not to be seen.
 */
function append(blocks: Block[], next: Block, typed: number): void {
  const previous = blocks.at(-1);
  if (!previous) return void blocks.push(next);
  const count = Math.max(typed, 1);
  if (previous.kind === "flow") {
    const gap = breaks(next.kind === "flow" ? count : count > 2 ? count - 1 : 0);
    const joined = [...previous.children, ...gap, ...(next.kind === "flow" ? next.children : [])];
    blocks.splice(-1, 1, flow(joined));
    if (next.kind !== "flow") blocks.push(next);
  } else if (next.kind === "flow") blocks.push(flow([...breaks(count - 2), ...next.children]));
  else blocks.push(...(count > 2 ? [flow(breaks(count - 2))] : []), next);
}

const countBreaks = (raw: string): number => raw.split("\n").length - 1;

function parseBlocks(tokens: readonly Token[]): readonly Block[] {
  const blocks: Block[] = [];
  let typed = 0;
  let isAfterCheckbox = false;
  for (const token of tokens.map(parseKnown)) {
    if (token.type === "space") {
      typed += countBreaks(token.raw);
      continue;
    }
    const block = parseBlock(token);
    const previous = blocks.at(-1);
    // The box of a task stands on the line of its text.
    if (isAfterCheckbox && previous?.kind === "flow" && block.kind === "flow")
      blocks.splice(-1, 1, flow([...previous.children, ...block.children]));
    else append(blocks, block, typed);
    isAfterCheckbox = token.type === "checkbox";
    typed = countBreaks(/\n*$/u.exec(token.raw)?.[0] ?? "");
  }
  return blocks;
}

/** A text without any marks: line breaks as typed, web addresses as links. */
function plain(content: string): readonly Block[] {
  const children = splitLinks(content).map((part): Inline =>
    part.kind === "link"
      ? { kind: "link", href: part.text, hint: part.text, children: [text(part.text)] }
      : text(part.text),
  );
  return [flow(children)];
}

const CACHED_MAX = 500;
const cache = new Map<string, readonly Block[]>();

/**
 * What a message's text is made of. Any text has an answer: where the lexer fails, the text as it is. The newest answers
 * are kept, since rows come and go with scrolling.
 */
export function parseMarkdown(content: string): readonly Block[] {
  const known = cache.get(content);
  if (known) return known;
  const blocks = parseOrPlain(content);
  if (cache.size >= CACHED_MAX) cache.delete(cache.keys().next().value ?? "");
  cache.set(content, blocks);
  return blocks;
}

function parseOrPlain(content: string): readonly Block[] {
  try {
    const lexer = new Lexer({ gfm: true, breaks: true, tokenizer: new ChatTokenizer() });
    const blocks = parseBlocks(lexer.lex(content));
    return blocks.length > 0 ? blocks : plain(content);
  } catch {
    return plain(content);
  }
}
