import { i18n } from "@lingui/core";
import { useCallback } from "react";
import { useParams } from "react-router";
import { notices } from "../../ui/notices.js";
import { writeToClipboard } from "./copy-text.js";

/** Puts a message's address on the clipboard. */
export function useCopyLink(messageId: string): () => void {
  const { roomId = "" } = useParams();
  return useCallback(() => {
    const url = new URL(`/rooms/${roomId}/messages/${messageId}`, window.location.href).href;
    writeToClipboard(url).then(
      () => notices.success(i18n.t("Link copied.")),
      () => notices.info(url, 10),
    );
  }, [messageId, roomId]);
}
