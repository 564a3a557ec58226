import { i18n } from "@lingui/core";
import { CloseOutlined, PaperClipOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useRef } from "react";
import { ACCEPT } from "./attachment-limits.js";
import { FileIcon } from "./attachment-card.js";
import { formatSize } from "./attachment-words.js";
import type { TrayFile } from "./tray.js";
import type { TrayHandle } from "./use-tray.js";

function TrayItem({ item, onRemove }: { readonly item: TrayFile; readonly onRemove: () => void }) {
  const { file, previewUrl } = item;
  return (
    <li className="tray-item">
      {previewUrl ? (
        <img className="tray-picture" src={previewUrl} alt="" />
      ) : (
        <span className="tray-picture file-icon" aria-hidden>
          <FileIcon contentType={file.contentType} />
        </span>
      )}
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
      {files.length > 0 && (
        <ul className="tray" aria-label={i18n.t("Files to send")}>
          {files.map((item) => (
            <TrayItem key={item.id} item={item} onRemove={() => tray.remove(item.id)} />
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
