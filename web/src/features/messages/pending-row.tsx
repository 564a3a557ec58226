// oxlint-disable jsx-a11y/no-noninteractive-tabindex -- the articles of a feed take the focus by arrow keys.
import { i18n } from "@lingui/core";
import { ClockCircleOutlined, ExclamationCircleFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useMemo } from "react";
import type { OutboxEntry } from "../../lib/outbox-entry.js";
import { usePartTabIndex } from "../../ui/row-parts.js";
import { pauseWords } from "../attachments/pause-words.js";
import { PendingFile } from "../attachments/pending-file.js";
import { useChat } from "../session/chat.context.js";
import { usePeople } from "../suggestions/use-people.js";
import { copyText } from "./copy-text.js";
import { mentionedIn } from "./mention.js";
import { MentioningText } from "./mentioning-text.js";
import { RowGutter, RowHead } from "./row-author.js";

interface PendingRowProps {
  readonly entry: OutboxEntry;
  readonly startsGroup: boolean;
  readonly isTabStop: boolean;
}

function FailedNotice({ entry }: { readonly entry: OutboxEntry }) {
  const { outbox } = useChat();
  const { clientMutationId, content } = entry;
  const link = { type: "link", size: "small", tabIndex: usePartTabIndex() } as const;
  return (
    <div className="failed" role="alert">
      <span className="failed-reason">
        <ExclamationCircleFilled /> {i18n.t("Not sent. {reason}", { reason: entry.reason ?? "" })}
      </span>
      <span className="failed-actions">
        <Button {...link} onClick={() => outbox.retry(clientMutationId)}>
          {i18n.t("Retry")}
        </Button>
        {content !== "" && (
          <Button {...link} onClick={() => copyText(content)}>
            {i18n.t("Copy")}
          </Button>
        )}
        <Button {...link} danger onClick={() => outbox.discard(clientMutationId)}>
          {i18n.t("Discard")}
        </Button>
      </span>
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

function PendingText({ entry }: { readonly entry: OutboxEntry }) {
  const people = usePeople(entry.roomId);
  const mentions = useMemo(() => mentionedIn(entry.content, people), [entry.content, people]);
  return (
    <div className="row-text" dir="auto">
      <MentioningText text={entry.content} mentions={mentions} />
      <PendingMark state={entry.state} />
    </div>
  );
}

/** One's own message on its way: it looks like the stored one, which will take its place. */
export function PendingRow({ entry, startsGroup, isTabStop }: PendingRowProps) {
  const { me } = useChat();
  return (
    <article
      className="row"
      data-state={entry.state}
      data-group={startsGroup || undefined}
      aria-label={i18n.t("{name}, not sent yet", { name: me.name })}
      tabIndex={isTabStop ? 0 : -1}
    >
      <RowGutter author={startsGroup ? { id: me.id, name: me.name } : null} at={entry.createdAt} />
      <div className="row-body">
        {startsGroup && <RowHead name={me.name} at={entry.createdAt} />}
        {entry.content !== "" && <PendingText entry={entry} />}
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
