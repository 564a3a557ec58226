import { i18n } from "@lingui/core";
import { PaperClipOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { OutboxEntry } from "../../lib/outbox-entry.js";
import { findWritingField } from "../../ui/regions.js";
import { saveFile } from "../attachments/save-file.js";
import { useChat } from "../session/chat.context.js";
import { copyText } from "./copy-text.js";

function StrandedMessage({ entry }: { readonly entry: OutboxEntry }) {
  const { outbox } = useChat();
  const { clientMutationId, content, file } = entry;
  const discard = (): void => {
    outbox.discard(clientMutationId);
    const field = findWritingField();
    if (field instanceof HTMLElement) field.focus();
  };
  return (
    <li className="stranded-message">
      <div className="stranded-text">
        {content}
        {file && (
          <div className="meta">
            <PaperClipOutlined /> {file.name}
          </div>
        )}
      </div>
      {content !== "" && (
        <Button size="small" onClick={() => copyText(content)}>
          {i18n.t("Copy")}
        </Button>
      )}
      {file && (
        <Button size="small" onClick={() => saveFile(file)}>
          {i18n.t("Save file")}
        </Button>
      )}
      <Button size="small" danger onClick={discard}>
        {i18n.t("Discard")}
      </Button>
    </li>
  );
}

/** What could not be sent to rooms that are lost, as it was written, until its author has done something about it. */
export function StrandedList({ entries }: { readonly entries: readonly OutboxEntry[] }) {
  return (
    <section className="stranded" role="alert">
      <p>
        {i18n.t(
          "{count, plural, one {This message was} other {These messages were}} not sent: the room is no longer open to you. Copy what you still need.",
          { count: entries.length },
        )}
      </p>
      <ul>
        {entries.map((entry) => (
          <StrandedMessage key={entry.clientMutationId} entry={entry} />
        ))}
      </ul>
    </section>
  );
}
