import { i18n } from "@lingui/core";
import { ClockCircleOutlined, CloseOutlined } from "@ant-design/icons";
import type { OutboxEntry, OutboxFile } from "../../lib/outbox-entry.js";
import { canDiscard } from "../../lib/outbox-shown.js";
import { useStore } from "../../lib/store.js";
import { usePartTabIndex } from "../../ui/row-parts.js";
import { useChat } from "../session/chat.context.js";
import { FileCard } from "./attachment-card.js";
import { formatSize } from "./attachment-words.js";
import { FirstFrame } from "./first-frame.js";
import { keepLocalPicture } from "./local-pictures.js";
import { pauseWords } from "./pause-words.js";
import { pictureBox } from "./picture-box.js";
import { PlayButton } from "./play-button.js";
import { useAnimation } from "./use-animation.js";

function stateWords({ state }: OutboxEntry, fraction: number | undefined): string {
  const pause = pauseWords(state);
  if (pause !== null) return pause;
  if (state === "keeping" || state === "queued") return i18n.t("Waiting to be sent …");
  if (fraction === undefined || fraction >= 1) return i18n.t("Sending …");
  return i18n.t("Sending … {percent} %", { percent: Math.floor(fraction * 100) });
}

function CancelButton({ entry, name }: { readonly entry: OutboxEntry; readonly name: string }) {
  const { outbox } = useChat();
  const progress = useStore(outbox.progress);
  const tabIndex = usePartTabIndex();
  if (entry.state === "failed" || !canDiscard(entry, progress)) return null;
  const cancel = (): void => outbox.discard(entry.clientMutationId);
  return (
    <button
      type="button"
      className="icon-button"
      tabIndex={tabIndex}
      aria-label={i18n.t("Cancel {name}", { name })}
      title={i18n.t("Cancel")}
      onClick={cancel}
    >
      <CloseOutlined />
    </button>
  );
}

function ProgressBar({ entry, name }: { readonly entry: OutboxEntry; readonly name: string }) {
  const fraction = useStore(useChat().outbox.progress).get(entry.clientMutationId);
  // How much had left in a try that failed says nothing while it waits for the next one.
  if (entry.state !== "sending") return null;
  const percent = Math.floor((fraction ?? 0) * 100);
  return (
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
}

interface PendingFileProps {
  readonly entry: OutboxEntry;
  readonly file: OutboxFile;
}

interface PendingPictureProps extends PendingFileProps {
  readonly box: { readonly width: number; readonly height: number };
  readonly words: string;
}

function PendingPicture({ entry, file: { name, contentType, blob }, box, words }: PendingPictureProps) {
  const animation = useAnimation(contentType);
  const { width, height } = box;
  const url = keepLocalPicture(entry.clientMutationId, blob);
  return (
    <div
      className="picture-frame pending-file"
      style={{ width, aspectRatio: `${width} / ${height}` }}
      {...animation.frameProps}
    >
      <div className="picture">
        {animation.canMove && !animation.isMoving ? (
          <FirstFrame blob={blob} name={name} />
        ) : (
          <img src={url} alt={name} width={width} height={height} />
        )}
      </div>
      {entry.state === "failed" ? (
        <PlayButton name={name} box={box} animation={animation} />
      ) : (
        <div className="pending-note" title={words}>
          <span className="pending-words ellipsis">
            <ClockCircleOutlined /> {words}
          </span>
          <CancelButton entry={entry} name={name} />
        </div>
      )}
      <ProgressBar entry={entry} name={name} />
    </div>
  );
}

/** A file on its way, in the place and of the size that the stored one will have. */
export function PendingFile({ entry, file }: PendingFileProps) {
  const { outbox } = useChat();
  const fraction = useStore(outbox.progress).get(entry.clientMutationId);
  const { name, contentType, blob, width, height } = file;
  const words = stateWords(entry, fraction);
  if (width !== null && height !== null)
    return <PendingPicture entry={entry} file={file} box={pictureBox(width, height)} words={words} />;
  const note = entry.state === "failed" ? formatSize(blob.size) : words;
  const cancel = <CancelButton entry={entry} name={name} />;
  return (
    <div className="pending-file">
      <FileCard name={name} size={blob.size} contentType={contentType} note={note} actions={cancel} />
      <ProgressBar entry={entry} name={name} />
    </div>
  );
}
