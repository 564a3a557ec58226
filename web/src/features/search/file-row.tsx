import { i18n } from "@lingui/core";
import { FileOutlined, FilePdfOutlined, FileTextOutlined, FileWordOutlined, PictureOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { formatDay, formatFull } from "../../ui/dates.js";
import { FILE_KINDS, fileKind, formatBytes, type FileKind } from "../../ui/file-words.js";
import { JUMP } from "../../ui/location-state.js";
import type { RoomFile } from "./room-files.graphql.js";

const ICONS: Readonly<Record<FileKind, ReactNode>> = {
  pdf: <FilePdfOutlined />,
  word: <FileWordOutlined />,
  text: <FileTextOutlined />,
  picture: <PictureOutlined />,
  file: <FileOutlined />,
};

function FilePicture({ url, kind }: { readonly url: string | null; readonly kind: FileKind }) {
  if (url) return <img className="file-picture" src={url} alt="" width={40} height={40} loading="lazy" />;
  return (
    <span className="file-picture" aria-hidden>
      {ICONS[kind]}
    </span>
  );
}

/** One file: its name opens it, beside it is the way to its message. */
export function FileRow({ file, messageTo }: { readonly file: RoomFile; readonly messageTo: string }) {
  const { attachment, user, createdAt } = file;
  if (!attachment) return null;
  const kind = fileKind(attachment.contentType);
  return (
    <li className="file-row">
      <a className="file-link" href={attachment.url} target="_blank" rel="noreferrer" title={attachment.name}>
        <FilePicture url={attachment.thumbnailUrl} kind={kind} />
        <span className="file-text">
          <span className="ellipsis">{attachment.name}</span>
          <span className="meta ellipsis">{`${i18n.t(FILE_KINDS[kind])} · ${formatBytes(attachment.size)}`}</span>
          <span className="meta ellipsis">
            {user.chatDisplayName ?? i18n.t("Deleted user")} ·{" "}
            <time dateTime={createdAt} title={formatFull(createdAt)}>
              {formatDay(createdAt)}
            </time>
          </span>
        </span>
      </a>
      <Link
        className="file-message"
        to={messageTo}
        state={JUMP}
        aria-label={i18n.t("Show the message with {name}", { name: attachment.name })}
      >
        {i18n.t("Show")}
      </Link>
    </li>
  );
}
