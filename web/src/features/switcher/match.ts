/** Letters as one searches for them: no accents, no capitals. */
function fold(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

function wordsOf(text: string): readonly string[] {
  return fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

function hasInOrder(word: string, letters: string): boolean {
  let from = 0;
  for (const letter of letters) {
    const at = word.indexOf(letter, from);
    if (at < 0) return false;
    from = at + letter.length;
  }
  return true;
}

function scoreWord(typed: string, words: readonly string[]): number {
  if (words.includes(typed)) return 4;
  if (words.some((word) => word.startsWith(typed))) return 3;
  if (words.some((word) => word.includes(typed))) return 2;
  return typed.length > 1 && hasInOrder(words.join(""), typed) ? 1 : 0;
}

/**
 * How well a name fits what was typed: each word of it must be a word of the name (best), begin one, be inside one, or
 * have its letters in that order. 0 when it does not fit, Infinity when nothing was typed.
 */
export function matchScore(typed: string, name: string): number {
  const asked = wordsOf(typed);
  if (asked.length === 0) return typed.trim() === "" ? Number.POSITIVE_INFINITY : 0;
  const words = wordsOf(name);
  const scores = asked.map((word) => scoreWord(word, words));
  return scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 0) / asked.length;
}
