import { i18n } from "@lingui/core";
import { CloseOutlined, PaperClipOutlined, WarningOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useRef } from "react";
import { ACCEPT } from "./attachment-limits.js";
import { FileIcon } from "./attachment-card.js";
import { formatSize } from "./attachment-words.js";
import { FirstFrame } from "./first-frame.js";
import type { TrayFile } from "./trays.js";
import { canMove } from "./use-animation.js";
import type { TrayHandle } from "./use-tray.js";

function TrayPicture({ item: { file, previewUrl } }: { readonly item: TrayFile }) {
  if (!previewUrl) {
    return (
      <span className="tray-picture file-icon" aria-hidden>
        <FileIcon contentType={file.contentType} />
      </span>
    );
  }
  if (canMove(file.contentType)) return <FirstFrame className="tray-picture" blob={file.blob} name="" />;
  return <img className="tray-picture" src={previewUrl} alt="" />;
}

function TrayItem({ item, onRemove }: { readonly item: TrayFile; readonly onRemove: () => void }) {
  const { file } = item;
  return (
    <li className="tray-item" aria-busy={item.keeping === "pending"}>
      <TrayPicture item={item} />
      <span className="file-words">
        <span className="file-name ellipsis" title={file.name}>
          {file.name}
        </span>
        <span className="meta">{formatSize(file.blob.size)}</span>
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label={i18n.t("Remove {name}", { name: file.name })}
        title={i18n.t("Remove")}
        onClick={onRemove}
      >
        <CloseOutlined />
      </button>
    </li>
  );
}

/** Says which files would be lost with the page. */
function UnkeptFiles({ files }: { readonly files: readonly TrayFile[] }) {
  const unkept = files.filter(({ keeping }) => keeping === "full" || keeping === "refused");
  if (unkept.length === 0) return null;
  const names = unkept.map(({ file }) => `“${file.name}”`).join(", ");
  const isFull = unkept.some(({ keeping }) => keeping === "full");
  return (
    <div className="composer-note" role="status">
      <WarningOutlined />{" "}
      {isFull
        ? i18n.t("This browser’s storage is full: {names} would be lost with this page. Send now, or leave it open.", {
            names,
          })
        : i18n.t("This browser keeps no files: {names} would be lost with this page. Send now, or leave it open.", {
            names,
          })}
    </div>
  );
}

/** The files that are going to be sent, and what was not taken and why. */
export function AttachmentTray({ tray }: { readonly tray: TrayHandle }) {
  const { files, problems } = tray;
  return (
    <>
      {problems.length > 0 && (
        <div className="tray-problems composer-problem" role="alert">
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
          <button
            type="button"
            className="icon-button"
            aria-label={i18n.t("Dismiss")}
            title={i18n.t("Dismiss")}
            onClick={tray.dismiss}
          >
            <CloseOutlined />
          </button>
        </div>
      )}
      <UnkeptFiles files={files} />
      {files.length > 0 && (
        <ul className="tray" aria-label={i18n.t("Files to send")}>
          {files.map((item) => (
            <TrayItem key={item.clientMutationId} item={item} onRemove={() => tray.remove(item.clientMutationId)} />
          ))}
        </ul>
      )}
    </>
  );
}

/** Opens the browser's dialog to choose files. */
export function AttachButton({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        type="text"
        icon={<PaperClipOutlined />}
        aria-label={i18n.t("Attach files")}
        title={i18n.t("Attach files")}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        accept={ACCEPT}
        hidden
        aria-label={i18n.t("Files to attach")}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // So that the same file can be chosen again.
          target.value = "";
        }}
      />
    </>
  );
}
