import { i18n } from "@lingui/core";
import { DownloadOutlined } from "@ant-design/icons";
import { useFragment } from "@apollo/client/react";
import { Button, Modal } from "antd";
import { graphql } from "../../gql/gql.js";
import { formatSize } from "./attachment-words.js";
import type { AttachmentProps } from "./attachment-view.js";
import { useDownload, useMediaLoading } from "./use-attachment.js";

const OpenPicture = graphql(`
  fragment OpenPicture on ChatMessage {
    id
    attachment {
      ...AttachmentFields @unmask
    }
  }
`);

interface LightboxProps {
  readonly messageId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function Whole({ messageId, attachment }: AttachmentProps) {
  const { name, url, width, height } = attachment;
  const { isBroken, onError, onLoad, retry } = useMediaLoading(messageId, url);
  if (isBroken) {
    return (
      <div className="lightbox-broken" role="alert">
        <p>{i18n.t("The picture could not be loaded.")}</p>
        <Button onClick={retry}>{i18n.t("Try again")}</Button>
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

function Footer({ messageId, attachment }: AttachmentProps) {
  const download = useDownload(messageId, attachment);
  const { size, width, height } = attachment;
  return (
    <div className="lightbox-footer">
      <span className="meta">{`${formatSize(size)} · ${width} × ${height}`}</span>
      <Button icon={<DownloadOutlined />} onClick={download}>
        {i18n.t("Download")}
      </Button>
    </div>
  );
}

/** A picture as large as the window allows, with its name, its size and a way to keep it. */
export function Lightbox({ messageId, isOpen, onClose }: LightboxProps) {
  const from = `ChatMessage:${messageId}`;
  const { data, complete } = useFragment({ fragment: OpenPicture, fragmentName: "OpenPicture", from });
  const attachment = complete ? data.attachment : null;
  if (!attachment) return null;
  return (
    <Modal
      open={isOpen}
      onCancel={onClose}
      title={<span className="lightbox-name">{attachment.name}</span>}
      footer={<Footer messageId={messageId} attachment={attachment} />}
      width="fit-content"
      centered
      destroyOnHidden
      className="lightbox"
    >
      <Whole messageId={messageId} attachment={attachment} />
    </Modal>
  );
}
