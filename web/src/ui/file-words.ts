import { inLanguage } from "./in-language.js";

const UNITS = ["kB", "MB", "GB"] as const;
const number = inLanguage((locale) => new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }));

/** A size as people read it: `812 B`, `1.25 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${number().format(size)} ${UNITS[unit] ?? ""}`;
}

/** The kinds of files that people tell apart. */
export const FILE_KINDS = {
  pdf: /*i18n*/ "PDF",
  word: /*i18n*/ "Word document",
  text: /*i18n*/ "Text",
  picture: /*i18n*/ "Picture",
  file: /*i18n*/ "File",
} as const;

export type FileKind = keyof typeof FILE_KINDS;

const KINDS: ReadonlyMap<string, FileKind> = new Map<string, FileKind>([
  ["application/pdf", "pdf"],
  ["application/msword", "word"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word"],
  ["text/plain", "text"],
]);

/** What kind of file a media type is; `FILE_KINDS` has the words for it. */
export function fileKind(contentType: string): FileKind {
  const [family] = contentType.split("/");
  return KINDS.get(contentType) ?? (family === "image" ? "picture" : "file");
}
