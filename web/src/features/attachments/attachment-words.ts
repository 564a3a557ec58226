import { toPlainText } from "../messages/markdown/plain-text.js";

const KIB = 1_024;

/** A size as people read it: `950 bytes`, `12 kB`, `3.4 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < KIB) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  const kib = bytes / KIB;
  // Just below a megabyte it would round to 1024 kB.
  if (kib < KIB - 0.5) return `${Math.round(kib)} kB`;
  return `${(kib / KIB).toFixed(1)} MB`;
}

interface Said {
  readonly content: string;
  readonly type: "TEXT" | "IMAGE" | "FILE";
  readonly attachment: { readonly name: string } | null;
}

/** A message in one line: its words, or what it carries instead of any. */
export function messageLine({ content, type, attachment }: Said): string {
  const words = toPlainText(content);
  if (words !== "") return words;
  if (type === "IMAGE") return "(Image)";
  return attachment?.name ?? "(File)";
}
