import { toPlainText } from "../messages/markdown/plain-text.js";
import { createMentionFinder, mentionName, type Mentioned } from "../messages/mention.js";

/** A piece of what is shown of a message that was found. */
export interface Piece {
  readonly text: string;
  readonly isMatch: boolean;
}

interface Found {
  readonly content: string;
  readonly mentions: readonly Mentioned[];
  /** What matches, in the text as it was typed. */
  readonly highlights: readonly Piece[];
}

/** What is shown of a long message, in characters, and how much of that stands before the first match. */
const EXCERPT_LENGTH = 240;
const LEAD_LENGTH = 60;

/** Stands behind every character that matches while the marks are taken away; each match has one of its own. */
const FIRST_SIGN = 0xf0000;
const SIGNS = /[\u{f0000}-\u{ffffd}]/gu;
const signOf = (match: number): string => String.fromCodePoint(FIRST_SIGN + match);

/** What may be one of Markdown's marks has to stay as it is, to be taken for one. */
const MAY_BE_A_MARK = /[\s!-/:-@[-`{-~]/u;

interface Character {
  readonly text: string;
  /** Which match it belongs to; null for none. */
  readonly match: number | null;
}

function withSigns(pieces: readonly Piece[]): string {
  return pieces
    .map(({ text, isMatch }, match) =>
      isMatch ? [...text].map((each) => (MAY_BE_A_MARK.test(each) ? each : each + signOf(match))).join("") : text,
    )
    .join("");
}

/** The whole message with its matches signed. One that was changed since it was found: what was found of it. */
function signed({ content, highlights }: Found): string {
  const pieces = highlights.map((piece) => ({ ...piece, text: piece.text.replace(SIGNS, "") }));
  const excerpt = pieces.map(({ text }) => text).join("");
  const [, core = ""] = /^…?(.*?)…?$/su.exec(excerpt) ?? [];
  const whole = content.replace(SIGNS, "");
  for (const part of [excerpt, core]) {
    const at = whole.indexOf(part);
    if (at < 0) continue;
    const cut = part === excerpt ? pieces : withoutEllipses(pieces);
    return whole.slice(0, at) + withSigns(cut) + whole.slice(at + part.length);
  }
  return withSigns(pieces);
}

function withoutEllipses(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.map(({ text, isMatch }, index) => {
    const start = index === 0 ? text.replace(/^…/u, "") : text;
    return { text: index === pieces.length - 1 ? start.replace(/…$/u, "") : start, isMatch };
  });
}

/** Reads the signs. What stands between two characters of one match belongs to it. */
function toCharacters(plain: string): readonly Character[] {
  const characters: Character[] = [];
  let last = -1;
  for (const text of plain) {
    const match = (text.codePointAt(0) ?? 0) - FIRST_SIGN;
    if (match < 0) {
      characters.push({ text, match: null });
      continue;
    }
    const from = characters[last]?.match === match ? last + 1 : characters.length - 1;
    last = characters.length - 1;
    for (let at = from; at <= last; at++) characters[at] = { text: characters[at]?.text ?? "", match };
  }
  return characters;
}

/** Puts people's present names in the place of those that were typed. */
function withNames(characters: readonly Character[], { content, mentions }: Found): readonly Character[] {
  if (mentions.length === 0) return characters;
  const find = createMentionFinder(content, mentions);
  let at = 0;
  return find(characters.map(({ text }) => text).join("")).flatMap((part) => {
    const typed = characters.slice(at, (at += [...part.text].length));
    if (part.kind === "text") return typed;
    const match = typed.find((character) => character.match !== null)?.match ?? null;
    return [{ text: mentionName(part.user), match }];
  });
}

function cut(characters: readonly Character[]): readonly Character[] {
  const { length } = characters;
  const first = characters.findIndex(({ match }) => match !== null);
  const start = length <= EXCERPT_LENGTH ? 0 : Math.max(0, Math.min(first - LEAD_LENGTH, length - EXCERPT_LENGTH));
  const shown = characters.slice(start, start + EXCERPT_LENGTH);
  const left = { text: "…", match: null };
  return [...(start > 0 ? [left] : []), ...shown, ...(start + EXCERPT_LENGTH < length ? [left] : [])];
}

/** What is shown of a message that was found, around its first match: without its marks, and with people's present names. */
export function excerptOf(found: Found): readonly Piece[] {
  const characters = cut(withNames(toCharacters(toPlainText(signed(found))), found));
  const pieces: { text: string; isMatch: boolean }[] = [];
  for (const { text, match } of characters) {
    const isMatch = match !== null;
    const previous = pieces.at(-1);
    if (previous?.isMatch === isMatch) previous.text += text;
    else pieces.push({ text, isMatch });
  }
  return pieces;
}
