import { i18n } from "@lingui/core";
import { WarningOutlined } from "@ant-design/icons";
import { useStore } from "../../lib/store.js";
import { useLeaveQuestion } from "../../ui/use-leave-question.js";
import { useChat } from "../session/chat.context.js";

/** Says that messages wait which the browser would not keep. Before the page is left it asks, for files in trays too. */
export function UnkeptNotice() {
  const { outbox, trays } = useChat();
  const hasUnkept = useStore(outbox.entries).some((entry) => !entry.isKept);
  const hasUnkeptFiles = useStore(trays.files).some(({ keeping }) => keeping !== "kept");
  useLeaveQuestion(hasUnkept || hasUnkeptFiles);
  if (!hasUnkept) return null;
  return (
    <div className="unkept meta" role="status">
      <WarningOutlined />{" "}
      {i18n.t("This browser does not keep unsent messages. Leave this page open until they are sent.")}
    </div>
  );
}
