/** What most people answer with most of the time. */
export const QUICK_EMOJI = ["👍", "❤️", "😂", "🎉", "🙏", "👀", "✅", "🔥"] as const;

const ONE_EMOJI = /^\p{RGI_Emoji}$/v;
const VARIATION_SELECTOR = "\uFE0F";

/** Exactly one emoji as the server keeps it, or null when the text is anything else. */
export function toEmoji(text: string): string | null {
  const trimmed = text.trim();
  if (ONE_EMOJI.test(trimmed)) return trimmed;
  // Keyboards leave the selector out of hearts and stars.
  const completed = trimmed + VARIATION_SELECTOR;
  return ONE_EMOJI.test(completed) ? completed : null;
}
