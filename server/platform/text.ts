import { z } from "zod";

/** Control characters that no text needs; newline and tab stay. PostgreSQL refuses NUL outright. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
/** Direction overrides can make one name look like another; they have no place in a name. */
const BIDI_OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/gu;

/** Text as it is stored: well-formed Unicode with `\n` line ends, and no control characters but newline and tab. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\r\n", "\n").replaceAll("\r", "\n").replace(CONTROLS, "");
}

/** Length as people count: code points, not UTF-16 units. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** One line of visible text: cleaned, without direction overrides, each run of white space one space. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(BIDI_OVERRIDES, "").replace(/\s+/gu, " ").trim();
}

/** A schema for one line of visible text, such as a name: cleaned, trimmed, 1 to `max` code points. */
export function singleLine(limits: { readonly max: number; readonly empty: string }) {
  return z
    .string()
    .transform(cleanLine)
    .refine((text) => text.length > 0, limits.empty)
    .refine((text) => codePoints(text) <= limits.max, `At most ${limits.max} characters.`);
}
