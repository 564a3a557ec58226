import fc from "fast-check";

// A second opinion on what a term finds, by one regular expression over the whole text: few letters, so that they meet
// often, of all three kinds that search splits differently.

const SPACED = "ab";
const UNSPACED = "東京都";
const SYMBOL = "🎉👍";
const GAP = "[ .]*";

const letters = fc.constantFrom(..."ab", "aba", ...UNSPACED, "東京", ...[...SYMBOL]);

/** What somebody may have written. */
export const looseText = fc
  .tuple(letters, fc.array(fc.oneof({ weight: 3, arbitrary: letters }, fc.constantFrom(" ", ". ")), { maxLength: 7 }))
  .map(([first, rest]) => first + rest.join(""))
  .map((text) => text.trimEnd());

/** What somebody may look for. */
export const looseTerm = fc.array(letters, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));

/**
 * What matches an unquoted term: its words, one after the other; the first may begin inside a longer word only from three
 * letters on, and then everything stands just as typed; the last may be the beginning of a longer word.
 */
export function asksFor(term: string): RegExp {
  const parts = term.match(new RegExp(`[${SPACED}]+|[${UNSPACED}]+|[${SYMBOL}]`, "gu")) ?? [];
  const start = SPACED.includes(term.charAt(0)) ? `(?<![${SPACED}])` : "";
  const inside = new RegExp(`[${SPACED}]{3}`, "u").test(term) ? `|${term}` : "";
  return new RegExp(`${start}${parts.join(GAP)}${inside}`, "u");
}
