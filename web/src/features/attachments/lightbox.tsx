import { DownloadOutlined } from "@ant-design/icons";
import { Button, Modal } from "antd";
import { formatSize } from "./attachment-words.js";
import type { AttachmentProps } from "./attachment-view.js";
import { useDownload, useMediaLoading } from "./use-attachment.js";

interface LightboxProps extends AttachmentProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function Whole({ messageId, attachment }: AttachmentProps) {
  const { name, url, width, height } = attachment;
  const { isBroken, onError, onLoad, retry } = useMediaLoading(messageId, url);
  if (isBroken) {
    return (
      <div className="lightbox-broken" role="alert">
        <p>The picture could not be loaded.</p>
        <Button onClick={retry}>Try again</Button>
      </div>
    );
  }
  return (
    <img
      className="lightbox-picture"
      src={url}
      alt={name}
      width={width ?? undefined}
      height={height ?? undefined}
      onError={onError}
      onLoad={onLoad}
    />
  );
}

/** A picture as large as the window allows, with its name, its size and a way to keep it. */
export function Lightbox({ messageId, attachment, isOpen, onClose }: LightboxProps) {
  const download = useDownload(messageId, attachment);
  const { name, size, width, height } = attachment;
  return (
    <Modal
      open={isOpen}
      onCancel={onClose}
      title={<span className="lightbox-name">{name}</span>}
      footer={
        <div className="lightbox-footer">
          <span className="meta">{`${formatSize(size)} · ${width} × ${height}`}</span>
          <Button icon={<DownloadOutlined />} onClick={download}>
            Download
          </Button>
        </div>
      }
      width="fit-content"
      centered
      destroyOnHidden
      className="lightbox"
    >
      <Whole messageId={messageId} attachment={attachment} />
    </Modal>
  );
}
