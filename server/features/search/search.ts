import { z } from "zod";
import { badInput } from "../../platform/errors.js";
import { cleanText, codePoints } from "../../platform/text.js";

/** A word to look for; in quotes, words that stand together just so. */
export interface SearchTerm {
  readonly text: string;
  readonly isQuoted: boolean;
}

export const searchedThings = ["file", "image", "link"] as const;
export type SearchedThing = (typeof searchedThings)[number];

/** What a person asked for: messages with all the terms, that pass every filter. */
export interface SearchQuery {
  readonly terms: readonly SearchTerm[];
  /** Usernames or display names, one of which wrote it; `me` is the asking person. */
  readonly from: readonly string[];
  /** Names or numbers of rooms, or names of the other person in a direct room, one of which it is in. */
  readonly in: readonly string[];
  /** What it has, all of it. */
  readonly has: readonly SearchedThing[];
  /** Milliseconds since 1970: sent at that moment or later. */
  readonly afterMs: number | undefined;
  /** Milliseconds since 1970: sent earlier. */
  readonly beforeMs: number | undefined;
}

/**
 * How closely a message must match, best first: whole words; words that begin like those asked for; words that have
 * them anywhere inside. Each is wider than the one before.
 */
export const closenesses = ["words", "beginnings", "parts"] as const;
export type Closeness = (typeof closenesses)[number];

export const QUERY_MAX_CODE_POINTS = 200;
export const QUERY_MAX_PARTS = 20;

const PART = /(?:(from|in|has|before|after)[::])?(?:"([^"]*)"?|(\S+))/giu;
const CURLY_QUOTES = /[“”„‟"]/gu;
/** What is not even a symbol at the ends of a word says nothing about it. */
const OUTSIDE =
  /^[^\p{L}\p{N}\u2190-\u2bff\u{1f000}-\u{1faff}]+|[^\p{L}\p{N}\p{M}\u2190-\u2bff\u{1f000}-\u{1faff}]+$/gu;

const WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}ー]$/u;
/** A letter of a script in which a part of a word is not found anyway. */
const LETTER = "[[\\p{L}\\p{N}]--[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}\\p{sc=Bopo}ー]]";
const THREE_LETTERS = new RegExp(`${LETTER}{3}`, "v");
const LETTERS_ALONE = new RegExp(`^${LETTER}+$`, "v");

/**
 * Reads what somebody typed: words, "words in quotes", and `from:`, `in:`, `has:`, `before:`, `after:` with a value, in
 * quotes if it has spaces. Any other `name:` is a word like others.
 * @throws DomainError BAD_USER_INPUT (query): nothing to look for, too long, or a filter's value that can't be
 */
export function parseSearchQuery(typed: string): SearchQuery {
  const text = cleanText(typed).replace(CURLY_QUOTES, '"');
  if (codePoints(text) > QUERY_MAX_CODE_POINTS)
    throw badInput("query", `Search for at most ${QUERY_MAX_CODE_POINTS} characters.`);
  const parts = [...text.matchAll(PART)].map(([, filter, quoted, word]) => ({
    filter: filter?.toLowerCase(),
    value: (quoted ?? word ?? "").trim(),
    isQuoted: quoted !== undefined,
  }));
  if (parts.length > QUERY_MAX_PARTS) throw badInput("query", `Search for at most ${QUERY_MAX_PARTS} words at once.`);
  const valuesOf = (filter: string) =>
    parts.filter((part) => part.filter === filter && part.value !== "").map(({ value }) => value);
  const query: SearchQuery = {
    terms: parts.filter(({ filter }) => filter === undefined).flatMap(toTerms),
    from: valuesOf("from"),
    in: valuesOf("in"),
    has: valuesOf("has").map(parseThing),
    afterMs: latest(valuesOf("after").map((value) => parseMoment("after", value))),
    beforeMs: earliest(valuesOf("before").map((value) => parseMoment("before", value))),
  };
  if (isEmpty(query)) throw badInput("query", "Write a word to search for, or a filter such as from:name.");
  return query;
}

function toTerms({ value, isQuoted }: { readonly value: string; readonly isQuoted: boolean }): readonly SearchTerm[] {
  const text = value.replace(OUTSIDE, "");
  return text === "" ? [] : [{ text, isQuoted }];
}

function parseThing(value: string): SearchedThing {
  const thing = searchedThings.find((known) => known === value.toLowerCase());
  if (thing === undefined)
    throw badInput("query", "has: takes file, image or link. Put it in quotes to search for it.");
  return thing;
}

const day = z.iso.date();
const zones = { offset: true, local: true };
const moment = z.union([z.iso.datetime(zones), z.iso.datetime({ ...zones, precision: -1 })]);

/** A day is its first moment, in UTC: `after:2025-11-01 before:2025-12-01` is November. */
function parseMoment(filter: string, value: string): number {
  const isDay = day.safeParse(value).success;
  if (!isDay && !moment.safeParse(value).success)
    throw badInput("query", `${filter}: takes a day such as 2025-11-06, or a time such as 2025-11-06T15:30Z.`);
  // What says no zone is UTC; on its own JavaScript would take a day so, and a time in the server's zone.
  return Date.parse(isDay || /(Z|[+-]\d{2}:?\d{2})$/i.test(value) ? value : `${value}Z`);
}

const latest = (moments: readonly number[]) => (moments.length === 0 ? undefined : Math.max(...moments));
const earliest = (moments: readonly number[]) => (moments.length === 0 ? undefined : Math.min(...moments));

const isEmpty = (query: SearchQuery): boolean =>
  Object.values(query).every((part) => part === undefined || (Array.isArray(part) && part.length === 0));

/** Whether other words that begin like this term's last one are meant too. */
export const isOpen = ({ text, isQuoted }: SearchTerm): boolean => !isQuoted && !WITHOUT_SPACES.test(text);

/** Whether words that have the term anywhere inside are meant too. */
export const isPart = ({ text, isQuoted }: SearchTerm): boolean => !isQuoted && THREE_LETTERS.test(text);

/** Whether the term is a single word: then any word that begins like it has it inside, too. */
export const isWord = ({ text }: SearchTerm): boolean => LETTERS_ALONE.test(text);

/** How closely messages can match this query: what would find no more than the one before is left out. */
export function closenessesOf({ terms }: SearchQuery): readonly Closeness[] {
  return closenesses.filter(
    (closeness) =>
      closeness === "words" ||
      (closeness === "beginnings" && terms.some(isOpen)) ||
      (closeness === "parts" && terms.some(isPart)),
  );
}
