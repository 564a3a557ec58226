import { i18n } from "@lingui/core";
import { toPlainText } from "../messages/markdown/plain-text.js";
import { nameMentioned, type Mentioned } from "../messages/mention.js";
import { inLanguage } from "../../ui/in-language.js";

const KIB = 1_024;
const megabytes = inLanguage(
  (locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false }),
);

/** A size as people read it: `950 bytes`, `12 kB`, `3.4 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < KIB) return i18n.t("{bytes, plural, one {# byte} other {# bytes}}", { bytes });
  const kib = bytes / KIB;
  // Just below a megabyte it would round to 1024 kB.
  if (kib < KIB - 0.5) return `${Math.round(kib)} kB`;
  return `${megabytes().format(kib / KIB)} MB`;
}

interface Said {
  readonly content: string;
  readonly type: "TEXT" | "IMAGE" | "FILE";
  readonly attachment: { readonly name: string } | null;
  readonly mentions: readonly Mentioned[];
}

/** A message in one line: its words with people's present names, or what it carries instead of any. */
export function messageLine({ content, type, attachment, mentions }: Said): string {
  const words = nameMentioned(toPlainText(content), content, mentions);
  if (words !== "") return words;
  if (type === "IMAGE") return i18n.t("(Image)");
  return attachment?.name ?? i18n.t("(File)");
}
