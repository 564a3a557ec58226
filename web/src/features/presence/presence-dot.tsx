import type { ChatPresence } from "../../gql/graphql.js";

const WORDS: Readonly<Record<ChatPresence, string>> = {
  ONLINE: "online",
  OFFLINE: "offline",
  UNKNOWN: "presence unknown",
};

/** Online is filled, offline a ring: not told by colour alone. Unknown shows nothing. */
export function PresenceDot({ presence }: { readonly presence: ChatPresence | null }) {
  if (presence === null || presence === "UNKNOWN") return null;
  return (
    <span
      className="presence"
      data-presence={presence}
      role="img"
      aria-label={WORDS[presence]}
      title={WORDS[presence]}
    />
  );
}
