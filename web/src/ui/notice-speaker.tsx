import { App } from "antd";
import { useEffect } from "react";
import { useStore } from "../lib/store.js";
import { said, takeSaid } from "./notices.js";

const AT_ONCE = { maxCount: 3 } as const;

function Speaker() {
  const { message, modal } = App.useApp();
  const waiting = useStore(said);
  useEffect(() => {
    for (const each of takeSaid()) {
      if (each.kind !== "question") void message[each.kind](each.words, each.seconds);
      else {
        const { title, content, okText, onOk } = each;
        modal.confirm({ title, content, okText, okButtonProps: { danger: true }, onOk });
      }
    }
  }, [waiting, message, modal]);
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
