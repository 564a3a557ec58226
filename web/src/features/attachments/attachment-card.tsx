import { i18n } from "@lingui/core";
import {
  DownloadOutlined,
  FileImageOutlined,
  FileOutlined,
  FilePdfOutlined,
  FileTextOutlined,
  FileWordOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import { usePartTabIndex } from "../../ui/row-parts.js";
import { formatSize } from "./attachment-words.js";

interface FileCardProps {
  readonly name: string;
  readonly size: number;
  readonly contentType: string;
  /** What stands below the name instead of the size alone. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
}

/** The icon of a kind of file. */
export function FileIcon({ contentType }: { readonly contentType: string }) {
  if (contentType.startsWith("image/")) return <FileImageOutlined />;
  if (contentType === "application/pdf") return <FilePdfOutlined />;
  if (contentType.includes("word")) return <FileWordOutlined />;
  return contentType.startsWith("text/") ? <FileTextOutlined /> : <FileOutlined />;
}

/** A file as a card: what it is, its name, its size, and what can be done with it. */
export function FileCard({ name, size, contentType, note, actions }: FileCardProps) {
  return (
    <div className="file-card">
      <span className="file-icon" aria-hidden>
        <FileIcon contentType={contentType} />
      </span>
      <span className="file-words">
        <span className="file-name ellipsis" title={name}>
          {name}
        </span>
        <span className="meta ellipsis">{note ?? formatSize(size)}</span>
      </span>
      {actions}
    </div>
  );
}

/** What downloads a file. */
export function DownloadButton({ name, onClick }: { readonly name: string; readonly onClick: () => void }) {
  return (
    <button
      type="button"
      className="icon-button"
      tabIndex={usePartTabIndex()}
      aria-label={i18n.t("Download {name}", { name })}
      title={i18n.t("Download")}
      onClick={onClick}
    >
      <DownloadOutlined />
    </button>
  );
}
