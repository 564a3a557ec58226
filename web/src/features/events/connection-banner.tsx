import { i18n } from "@lingui/core";
import { useEffect, useState } from "react";
import { useChat } from "../session/chat.context.js";
import { useStore } from "../../lib/store.js";

/** Shorter breaks mend themselves before anyone has to know. */
const SHOW_AFTER_MS = 2_000;

/** Says that the connection is lost, once that has lasted. */
export function ConnectionBanner() {
  const { stream } = useChat();
  const isOnline = useStore(stream.connection) === "online";
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (isOnline) return;
    const timer = setTimeout(() => setIsLong(true), SHOW_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setIsLong(false);
    };
  }, [isOnline]);
  return (
    <div role="status" className="connection">
      {isLong && !isOnline && (
        <div className="connection-banner">{i18n.t("Reconnecting … messages will be sent when you're back")}</div>
      )}
    </div>
  );
}
