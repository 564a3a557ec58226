import { i18n } from "@lingui/core";
import { notices } from "../../ui/notices.js";

/** Puts something on the clipboard. Rejects where the browser does not let this page do so. */
export async function writeToClipboard(text: string): Promise<void> {
  // Outside a secure context there is no clipboard at all.
  if (!navigator.clipboard) throw new Error("No clipboard");
  await navigator.clipboard.writeText(text);
}

/** Puts a text on the clipboard, and says whether it is there. */
export function copyText(text: string): void {
  writeToClipboard(text).then(
    () => notices.success(i18n.t("Text copied.")),
    () => notices.warning(i18n.t("The browser does not let this page copy. Select the text instead.")),
  );
}
