import { i18n } from "@lingui/core";
import { App } from "antd";
import { useCallback } from "react";

/** Puts a text on the clipboard, and says whether it is there. */
export function useCopyText(text: string): () => void {
  const { message } = App.useApp();
  return useCallback(() => {
    // Outside a secure context there is no clipboard at all.
    const copied = navigator.clipboard
      ? navigator.clipboard.writeText(text)
      : Promise.reject(new Error("No clipboard"));
    copied.then(
      () => message.success(i18n.t("Text copied.")),
      () => message.warning(i18n.t("The browser does not let this page copy. Select the text instead.")),
    );
  }, [message, text]);
}
