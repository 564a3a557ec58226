/** The server's limit for a message, in code points. */
export const MESSAGE_MAX_CODE_POINTS = 10_000;
/** From here on the composer counts down. */
export const COUNT_FROM_CODE_POINTS = 9_500;

/** How long the server will find a text: in code points, not in UTF-16 units. */
export function countCodePoints(text: string): number {
  // Cheap for what can't be too long, which is nearly everything.
  if (text.length <= COUNT_FROM_CODE_POINTS) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** What to say about a text's length; null when there is nothing to say. */
export function lengthProblem(text: string): string | null {
  const over = countCodePoints(text) - MESSAGE_MAX_CODE_POINTS;
  if (over <= 0) return null;
  return i18n.t("A message has at most {limit, number} characters. This one is {over, number} too long.", {
    limit: MESSAGE_MAX_CODE_POINTS,
    over,
  });
}
import { i18n } from "@lingui/core";
