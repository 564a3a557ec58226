import { i18n } from "@lingui/core";
import { notices } from "../../ui/notices.js";

/** Puts a text on the clipboard, and says whether it is there. */
export function copyText(text: string): void {
  // Outside a secure context there is no clipboard at all.
  const copied = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error("No clipboard"));
  copied.then(
    () => notices.success(i18n.t("Text copied.")),
    () => notices.warning(i18n.t("The browser does not let this page copy. Select the text instead.")),
  );
}
