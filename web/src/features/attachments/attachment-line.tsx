import { i18n } from "@lingui/core";
import type { ReactNode } from "react";
import { FileIcon } from "./attachment-card.js";
import type { AttachmentProps } from "./attachment-view.js";
import { formatSize } from "./attachment-words.js";
import { openPicture } from "./open-picture.js";
import { useDownload, useMediaLoading } from "./use-attachment.js";

interface AttachmentLineProps extends AttachmentProps {
  /** What stands beside the size. */
  readonly note: ReactNode;
}

function Thumbnail({ messageId, attachment, url }: AttachmentProps & { readonly url: string }) {
  const { isBroken, onError, onLoad } = useMediaLoading(messageId, url);
  if (isBroken) return <FileIcon contentType={attachment.contentType} />;
  return <img src={url} alt="" width={40} height={40} loading="lazy" onError={onError} onLoad={onLoad} />;
}

/** A file as a line of a list: a picture opens large, anything else is downloaded. */
export function AttachmentLine({ messageId, attachment, note }: AttachmentLineProps) {
  const { name, size, contentType, thumbnailUrl } = attachment;
  const download = useDownload(messageId, attachment);
  const open = thumbnailUrl === null ? download : (): void => openPicture.set(messageId);
  return (
    <button type="button" className="file-line" title={name} onClick={open}>
      <span className="file-picture">
        {thumbnailUrl === null ? (
          <FileIcon contentType={contentType} />
        ) : (
          <Thumbnail messageId={messageId} attachment={attachment} url={thumbnailUrl} />
        )}
      </span>
      <span className="file-words">
        <span className="file-name ellipsis">
          <span className="visually-hidden">{thumbnailUrl === null ? i18n.t("Download") : i18n.t("Open")}</span> {name}
        </span>
        <span className="meta ellipsis">
          {formatSize(size)} · {note}
        </span>
      </span>
    </button>
  );
}
