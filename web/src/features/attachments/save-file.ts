import type { OutboxFile } from "../../lib/outbox-entry.js";

/** The browser has begun to write the file long before. */
const LET_GO_AFTER_MS = 60_000;

/** Gives somebody a file back that could not be sent. */
export function saveFile({ name, blob }: OutboxFile): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), LET_GO_AFTER_MS);
}
