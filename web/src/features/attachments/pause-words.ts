import { i18n } from "@lingui/core";
import type { OutboxState } from "../../lib/outbox-entry.js";

/** Why a message of one's own is not being sent just now; null when nothing holds it up. */
export function pauseWords(state: OutboxState): string | null {
  if (state === "waiting") return i18n.t("Waiting for the network …");
  if (state === "slowed") return i18n.t("The server asked for a pause. Sending again soon …");
  if (state === "limited") return i18n.t("Sending too fast. It is sent by itself soon …");
  if (state === "outdated") return i18n.t("Reload the page to send this.");
  return null;
}
