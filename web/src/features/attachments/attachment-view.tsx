import { i18n } from "@lingui/core";
import { ReloadOutlined } from "@ant-design/icons";
import { memo } from "react";
import { usePartTabIndex } from "../../ui/row-parts.js";
import { formatSize } from "./attachment-words.js";
import { DownloadButton, FileCard } from "./attachment-card.js";
import type { AttachmentData } from "./attachment.fragments.js";
import { openPicture } from "./open-picture.js";
import { pictureBox } from "./picture-box.js";
import { PlayButton } from "./play-button.js";
import { useAnimation } from "./use-animation.js";
import { useDownload, useMediaLoading } from "./use-attachment.js";

export interface AttachmentProps {
  readonly messageId: string;
  readonly attachment: AttachmentData;
  /** Where its picture is meanwhile, when it was sent from this page. */
  readonly localUrl?: string | null;
}

/** A file as a card that downloads it: for documents in a room, and for any file in a list. */
export function AttachmentCard({ messageId, attachment }: AttachmentProps) {
  const download = useDownload(messageId, attachment);
  return <FileCard {...attachment} actions={<DownloadButton name={attachment.name} onClick={download} />} />;
}

interface PictureProps extends AttachmentProps {
  readonly thumbnailUrl: string;
  readonly width: number;
  readonly height: number;
}

function BrokenPicture({ messageId, attachment, onRetry }: AttachmentProps & { readonly onRetry: () => void }) {
  const download = useDownload(messageId, attachment);
  const tabIndex = usePartTabIndex();
  const actions = (
    <>
      <button
        type="button"
        className="icon-button"
        tabIndex={tabIndex}
        aria-label={i18n.t("Load again")}
        title={i18n.t("Load again")}
        onClick={onRetry}
      >
        <ReloadOutlined />
      </button>
      <DownloadButton name={attachment.name} onClick={download} />
    </>
  );
  return <FileCard {...attachment} note={i18n.t("The picture could not be loaded.")} actions={actions} />;
}

function Picture({ messageId, attachment, localUrl, thumbnailUrl, width, height }: PictureProps) {
  const { name, size, url, contentType } = attachment;
  const animation = useAnimation(contentType);
  // The thumbnail is its first frame.
  const shownUrl = animation.isMoving ? url : thumbnailUrl;
  const { isBroken, onError, onLoad, retry } = useMediaLoading(messageId, shownUrl);
  const tabIndex = usePartTabIndex();
  const box = pictureBox(width, height);
  // The same place, so that what is below does not move.
  const style = { width: box.width, aspectRatio: `${box.width} / ${box.height}` };
  return (
    <div className="picture-frame" style={style} {...animation.frameProps}>
      {isBroken ? (
        <BrokenPicture messageId={messageId} attachment={attachment} onRetry={retry} />
      ) : (
        <button
          type="button"
          className="picture"
          tabIndex={tabIndex}
          title={`${name}, ${formatSize(size)}`}
          onClick={() => openPicture.set(messageId)}
        >
          <img
            src={shownUrl}
            alt={name}
            width={box.width}
            height={box.height}
            loading="lazy"
            decoding="async"
            // One's own picture is there already while its stored one is on its way; one that moves would do so behind it.
            style={localUrl && !animation.canMove ? { backgroundImage: `url("${localUrl}")` } : undefined}
            onError={onError}
            onLoad={onLoad}
          />
        </button>
      )}
      {!isBroken && <PlayButton name={name} box={box} animation={animation} />}
    </div>
  );
}

/** A message's file: a picture to look at, anything else as a card. */
export const AttachmentView = memo(function AttachmentView({
  messageId,
  attachment,
  localUrl = null,
}: AttachmentProps) {
  const { thumbnailUrl, width, height } = attachment;
  if (thumbnailUrl === null || width === null || height === null) {
    return <AttachmentCard messageId={messageId} attachment={attachment} />;
  }
  return (
    <Picture
      messageId={messageId}
      attachment={attachment}
      localUrl={localUrl}
      thumbnailUrl={thumbnailUrl}
      width={width}
      height={height}
    />
  );
});
