import { i18n } from "@lingui/core";
import { ClockCircleOutlined, CloseOutlined } from "@ant-design/icons";
import type { OutboxEntry, OutboxFile } from "../../lib/outbox-entry.js";
import { canDiscard } from "../../lib/outbox.js";
import { useStore } from "../../lib/store.js";
import { useChat } from "../session/chat.context.js";
import { FileCard } from "./attachment-card.js";
import { formatSize } from "./attachment-words.js";
import { keepLocalPicture } from "./local-pictures.js";
import { pauseWords } from "./pause-words.js";
import { pictureBox } from "./picture-box.js";

function stateWords({ state }: OutboxEntry, fraction: number | undefined): string {
  const pause = pauseWords(state);
  if (pause !== null) return pause;
  if (state === "queued") return i18n.t("Waiting to be sent …");
  if (fraction === undefined || fraction >= 1) return i18n.t("Sending …");
  return i18n.t("Sending … {percent} %", { percent: Math.floor(fraction * 100) });
}

function CancelButton({ entry, name }: { readonly entry: OutboxEntry; readonly name: string }) {
  const { outbox } = useChat();
  const progress = useStore(outbox.progress);
  if (entry.state === "failed" || !canDiscard(entry, progress)) return null;
  const cancel = (): void => outbox.discard(entry.clientMutationId);
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={i18n.t("Cancel {name}", { name })}
      title={i18n.t("Cancel")}
      onClick={cancel}
    >
      <CloseOutlined />
    </button>
  );
}

interface PendingFileProps {
  readonly entry: OutboxEntry;
  readonly file: OutboxFile;
}

/** A file on its way, in the place and of the size that the stored one will have. */
export function PendingFile({ entry, file }: PendingFileProps) {
  const { outbox } = useChat();
  const fraction = useStore(outbox.progress).get(entry.clientMutationId);
  const { name, contentType, blob, width, height } = file;
  const isFailed = entry.state === "failed";
  const percent = Math.floor((fraction ?? 0) * 100);
  const words = stateWords(entry, fraction);
  const cancel = <CancelButton entry={entry} name={name} />;
  const bar = !isFailed && (
    <div
      className="file-progress"
      role="progressbar"
      aria-label={i18n.t("Sending {name}", { name })}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <i style={{ width: `${percent}%` }} />
    </div>
  );
  if (width === null || height === null) {
    const note = isFailed ? formatSize(blob.size) : words;
    return (
      <div className="pending-file">
        <FileCard name={name} size={blob.size} contentType={contentType} note={note} actions={cancel} />
        {bar}
      </div>
    );
  }
  const box = pictureBox(width, height);
  const url = keepLocalPicture(entry.clientMutationId, blob);
  return (
    <div
      className="picture-frame pending-file"
      style={{ width: box.width, aspectRatio: `${box.width} / ${box.height}` }}
    >
      <div className="picture">
        <img src={url} alt={name} width={box.width} height={box.height} />
      </div>
      {!isFailed && (
        <div className="pending-note" title={words}>
          <span className="pending-words ellipsis">
            <ClockCircleOutlined /> {words}
          </span>
          {cancel}
        </div>
      )}
      {bar}
    </div>
  );
}
