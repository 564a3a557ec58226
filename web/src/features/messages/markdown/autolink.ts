export type TextPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string };

const URL_PATTERN = /\bhttps?:\/\/[^\s<>"'`]+/giu;
const URL_AT_START = new RegExp(`^${URL_PATTERN.source}`, "iu");
const TRAILING = /[.,:;!?…]+$/u;

/** Drops what belongs to the sentence, not to the address: full stops, and a bracket that was not opened in it. */
function trimUrl(found: string): string {
  let url = found;
  for (;;) {
    const trimmed = url.replace(TRAILING, "");
    const isUnopened = (open: string, close: string): boolean =>
      trimmed.endsWith(close) && trimmed.split(close).length > trimmed.split(open).length;
    const next = isUnopened("(", ")") || isUnopened("[", "]") || isUnopened("{", "}") ? trimmed.slice(0, -1) : trimmed;
    if (next === url) return url;
    url = next;
  }
}

/** Whether this is an address of the web, whole: http or https, and a host. */
export function isWebAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const parsed = new URL(url);
  return (parsed.protocol === "http:" || parsed.protocol === "https:") && parsed.hostname !== "";
}

/** The web address that a text begins with, or null. */
export function webAddressAt(text: string): string | null {
  const match = URL_AT_START.exec(text);
  const url = match ? trimUrl(match[0]) : "";
  return isWebAddress(url) ? url : null;
}

/** Cuts a text into plain parts and web addresses. Only http and https become links; nothing is ever markup. */
export function splitLinks(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(URL_PATTERN)) {
    const url = trimUrl(match[0]);
    if (!isWebAddress(url)) continue;
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push({ kind: "link", text: url });
    end = match.index + url.length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}
