import type { SearchTerm } from "./search.js";

/** A piece of a message's text or of its file's name, in order; those that match are to be shown so. */
export interface Highlight {
  readonly text: string;
  readonly isMatch: boolean;
}

/** What is shown of a long message, in characters, and how much of that stands before the first match. */
const EXCERPT_LENGTH = 240;
const LEAD_LENGTH = 60;

/** What people see as one: with its accents, Korean in its pieces, emoji with their colour and what is joined to them. */
const CHARACTERS =
  /(?:[\u{1100}-\u{115f}][\u{1160}-\u{11ff}]+|.)[\p{M}\p{Emoji_Modifier}]*(?:\u{200d}.[\p{M}\p{Emoji_Modifier}]*)*/gsu;
/** What `chat_search_fold_v1` drops in the database. */
const DROPPED = /\u{ad}|[\u{300}-\u{36f}]|[\u{200b}-\u{200d}]|[\u{fe00}-\u{fe0f}]|[\u{1f3fb}-\u{1f3ff}]/gu;
const WORDS = /[\p{L}\p{N}\p{M}]+|[\u2190-\u2bff\u{1f000}-\u{1faff}]/gu;
const GAP = "[^\\p{L}\\p{N}]*";
/** A letter of a script in which words have a beginning and an end. */
const LETTER = "[[\\p{L}\\p{N}]--[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}\\p{sc=Bopo}ー]]";
const LETTERS_ALONE = new RegExp(`^${LETTER}$`, "v");

/** Text in which case, accents and width do not count, and from which of its characters each unit comes. */
interface Folded {
  readonly text: string;
  readonly characters: readonly string[];
  readonly places: readonly number[];
}

/**
 * An excerpt of a message around its first match, in pieces. Plain text, never markup; "…" where text was left out. What
 * only the database takes for a match is not marked.
 */
export function highlightsOf(content: string, terms: readonly SearchTerm[]): readonly Highlight[] {
  const folded = fold(content);
  const marked = new Set<number>();
  for (const pattern of terms.flatMap(patternsOf)) {
    for (const { index, 0: match } of folded.text.matchAll(pattern))
      for (let at = index; at < index + match.length; at += 1) marked.add(folded.places[at] ?? -1);
  }
  const first = folded.characters.findIndex((_, place) => marked.has(place));
  const { length } = folded.characters;
  const start = length <= EXCERPT_LENGTH ? 0 : Math.max(0, Math.min(first - LEAD_LENGTH, length - EXCERPT_LENGTH));
  const end = Math.min(start + EXCERPT_LENGTH, length);
  const pieces: { text: string; isMatch: boolean }[] = [];
  const add = (text: string, isMatch: boolean): void => {
    const last = pieces.at(-1);
    if (last?.isMatch === isMatch) last.text += text;
    else pieces.push({ text, isMatch });
  };
  if (start > 0) add("…", false);
  for (let place = start; place < end; place += 1) add(folded.characters[place] ?? "", marked.has(place));
  if (end < length) add("…", false);
  return pieces;
}

/** As {@link highlightsOf}; nothing where nothing matches. */
export function matchesIn(content: string, terms: readonly SearchTerm[]): readonly Highlight[] {
  const pieces = highlightsOf(content, terms);
  return pieces.some(({ isMatch }) => isMatch) ? pieces : [];
}

function fold(text: string): Folded {
  const known = new Map<string, string>();
  const foldCharacter = (character: string): string => {
    const found = known.get(character) ?? foldedCharacter(character);
    known.set(character, found);
    return found;
  };
  const characters = text.match(CHARACTERS) ?? [];
  const pieces = characters.map(foldCharacter);
  const places = pieces.flatMap((piece, place) => Array.from({ length: piece.length }, () => place));
  return { text: pieces.join(""), characters, places };
}

const foldedCharacter = (character: string): string =>
  character.normalize("NFKD").replace(DROPPED, "").normalize("NFKC").toLowerCase();

/** The term's words with anything but letters between them, as far into other words as they may stand. */
function patternsOf({ text, isQuoted }: SearchTerm): readonly RegExp[] {
  const words = fold(text).text.match(WORDS) ?? [];
  const [first = "", last = ""] = [words[0]?.at(0), words.at(-1)?.at(-1)];
  if (first === "") return [];
  const isShort = words.length === 1 && (words[0]?.length ?? 0) < 3;
  const before = (isQuoted || isShort) && LETTERS_ALONE.test(first) ? `(?<!${LETTER})` : "";
  const after = isQuoted && LETTERS_ALONE.test(last) ? `(?!${LETTER})` : "";
  return [new RegExp(`${before}${words.join(GAP)}${after}`, "gv")];
}
