import { i18n, type MessageId } from "@lingui/core";
import type { ChatPresence } from "../../gql/graphql.js";

const WORDS: Readonly<Record<ChatPresence, MessageId>> = {
  ONLINE: /*i18n*/ "online",
  OFFLINE: /*i18n*/ "offline",
  UNKNOWN: /*i18n*/ "presence unknown",
};

/** Online is filled, offline a ring: not told by colour alone. Unknown shows nothing. */
export function PresenceDot({ presence }: { readonly presence: ChatPresence | null }) {
  if (presence === null || presence === "UNKNOWN") return null;
  const words = i18n.t(WORDS[presence]);
  return <span className="presence" data-presence={presence} role="img" aria-label={words} title={words} />;
}
