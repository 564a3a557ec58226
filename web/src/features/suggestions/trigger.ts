/** What is being typed that could be completed: `@ja|` or `:tad|`. */
export interface Trigger {
  readonly kind: "mention" | "emoji";
  /** Where the sign stands. */
  readonly start: number;
  /** What stands between the sign and the caret. */
  readonly query: string;
}

const MENTION = /(?<![\p{L}\p{N}_@.])@([\p{L}\p{N}_.-]*)$/u;
/** Two letters at least: `:)` and `10:30` are no emoji. */
const EMOJI = /(?<![\p{L}\p{N}_:]):([a-z0-9_+-]{2,})$/iu;
const WHOLE_SHORTCODE = /(?<![\p{L}\p{N}_:]):([a-z0-9_+-]+):$/iu;

/** Between back-ticks is code, in which nothing is completed. */
function isInCode(before: string): boolean {
  return before.split("`").length % 2 === 0;
}

/** What is being typed at the caret, or null. */
export function findTrigger(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret);
  if (isInCode(before)) return null;
  for (const [kind, pattern] of [
    ["mention", MENTION],
    ["emoji", EMOJI],
  ] as const) {
    const match = pattern.exec(before);
    if (match) return { kind, start: match.index, query: match[1] ?? "" };
  }
  return null;
}

/** The shortcode that has just been closed at the caret, `:tada:|`, or null. */
export function findShortcode(text: string, caret: number): { readonly start: number; readonly name: string } | null {
  const before = text.slice(0, caret);
  const match = isInCode(before) ? null : WHOLE_SHORTCODE.exec(before);
  return match ? { start: match.index, name: match[1] ?? "" } : null;
}
