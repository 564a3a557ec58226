import { i18n } from "@lingui/core";
import { ClockCircleOutlined, ExclamationCircleFilled } from "@ant-design/icons";
import { Button } from "antd";
import type { OutboxEntry } from "../../lib/outbox-entry.js";
import { pauseWords } from "../attachments/pause-words.js";
import { PendingFile } from "../attachments/pending-file.js";
import { useChat } from "../session/chat.context.js";
import { copyText } from "./copy-text.js";
import { MessageText } from "./message-text.js";
import { RowGutter, RowHead } from "./row-author.js";

interface PendingRowProps {
  readonly entry: OutboxEntry;
  readonly startsGroup: boolean;
}

function FailedNotice({ entry }: { readonly entry: OutboxEntry }) {
  const { outbox } = useChat();
  const { clientMutationId, content } = entry;
  return (
    <div className="failed" role="alert">
      <ExclamationCircleFilled /> <span>{i18n.t("Not sent. {reason}", { reason: entry.reason ?? "" })}</span>
      <Button type="link" size="small" onClick={() => outbox.retry(clientMutationId)}>
        {i18n.t("Retry")}
      </Button>
      {content !== "" && (
        <Button type="link" size="small" onClick={() => copyText(content)}>
          {i18n.t("Copy")}
        </Button>
      )}
      <Button type="link" size="small" danger onClick={() => outbox.discard(clientMutationId)}>
        {i18n.t("Discard")}
      </Button>
    </div>
  );
}

function PendingMark({ state }: { readonly state: OutboxEntry["state"] }) {
  if (state === "failed") return null;
  const words = pauseWords(state) ?? i18n.t("Sending …");
  return (
    <span className="pending-mark meta" title={words} aria-label={words} role="img">
      <ClockCircleOutlined />
    </span>
  );
}

/** One's own message on its way: it looks like the stored one, which will take its place. */
export function PendingRow({ entry, startsGroup }: PendingRowProps) {
  const { me } = useChat();
  return (
    <article
      className="row"
      data-state={entry.state}
      data-group={startsGroup || undefined}
      aria-label={i18n.t("{name}, not sent yet", { name: me.name })}
      tabIndex={-1}
    >
      <RowGutter author={startsGroup ? { id: me.id, name: me.name } : null} at={entry.createdAt} />
      <div className="row-body">
        {startsGroup && <RowHead name={me.name} at={entry.createdAt} />}
        {entry.content !== "" && (
          <div className="row-text">
            <MessageText text={entry.content} />
            <PendingMark state={entry.state} />
          </div>
        )}
        {entry.file && (
          <div className="attachment">
            <PendingFile entry={entry} file={entry.file} />
          </div>
        )}
        {entry.state === "failed" && <FailedNotice entry={entry} />}
      </div>
    </article>
  );
}
