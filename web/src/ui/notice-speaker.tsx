import { App } from "antd";
import { useCallback, useEffect, useState } from "react";
import { useStore } from "../lib/store.js";
import { findFeed, focusIfNone } from "./regions.js";
import { said, takeSaid } from "./notices.js";

const AT_ONCE = { maxCount: 3 } as const;

/**
 * What one asked from may be gone by the answer, a message that was deleted: then the keys are the feed's. When a dialog says
 * that it is closed its button still has the focus; nothing has it once that is drawn.
 */
function useFocusAfterQuestions(): () => void {
  const [answered, setAnswered] = useState(0);
  useEffect(() => {
    if (answered > 0) focusIfNone(findFeed());
  }, [answered]);
  return useCallback(() => setAnswered((count) => count + 1), []);
}

function Speaker() {
  const { message, modal } = App.useApp();
  const waiting = useStore(said);
  const keepFocus = useFocusAfterQuestions();
  useEffect(() => {
    for (const each of takeSaid()) {
      if (each.kind !== "question") void message[each.kind](each.words, each.seconds);
      else {
        const { title, content, okText, onOk } = each;
        modal.confirm({ title, content, okText, okButtonProps: { danger: true }, onOk, afterClose: keepFocus });
      }
    }
  }, [waiting, message, modal, keepFocus]);
  return null;
}

/** Shows notices and questions by Ant Design's messages and dialogs. */
export function NoticeSpeaker() {
  return (
    <App component={false} message={AT_ONCE}>
      <Speaker />
    </App>
  );
}
