import { i18n } from "@lingui/core";
import { useEffect, useState } from "react";
import { useChat } from "../session/chat.context.js";
import { useStore } from "../../lib/store.js";

/** Shorter breaks mend themselves before anyone has to know. */
const SHOW_AFTER_MS = 2_000;
/** A connection that goes again at once was not back: what is said about it must not flicker. */
const HIDE_AFTER_MS = 1_000;

/** Says that the connection is lost, once that has lasted, and until it is back for good. */
export function ConnectionBanner() {
  const { stream } = useChat();
  const isOnline = useStore(stream.connection) === "online";
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (isShown !== isOnline) return;
    const timer = setTimeout(() => setShown(!isOnline), isOnline ? HIDE_AFTER_MS : SHOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isOnline, isShown]);
  return (
    <div role="status" className="connection">
      {isShown && (
        <div className="connection-banner">{i18n.t("Reconnecting … messages will be sent when you’re back")}</div>
      )}
    </div>
  );
}
