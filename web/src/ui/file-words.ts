const UNITS = ["kB", "MB", "GB"] as const;
const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** A size as people read it: `812 B`, `1.25 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${NUMBER.format(size)} ${UNITS[unit] ?? ""}`;
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ["application/pdf", "PDF"],
  ["application/msword", "Word document"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word document"],
  ["text/plain", "Text"],
]);

/** What kind of file a media type is, in a word or two. */
export function fileKind(contentType: string): string {
  const [family] = contentType.split("/");
  return KINDS.get(contentType) ?? (family === "image" ? "Picture" : "File");
}
