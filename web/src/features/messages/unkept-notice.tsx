import { i18n } from "@lingui/core";
import { WarningOutlined } from "@ant-design/icons";
import { useEffect } from "react";
import { useStore } from "../../lib/store.js";
import { useChat } from "../session/chat.context.js";

/** Says that messages wait which the browser would not keep, and asks before the page is left. */
export function UnkeptNotice() {
  const { outbox } = useChat();
  const hasUnkept = useStore(outbox.entries).some((entry) => !entry.isKept);
  useEffect(() => {
    if (!hasUnkept) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [hasUnkept]);
  if (!hasUnkept) return null;
  return (
    <div className="unkept meta" role="status">
      <WarningOutlined />{" "}
      {i18n.t("This browser does not keep unsent messages. Leave this page open until they are sent.")}
    </div>
  );
}
