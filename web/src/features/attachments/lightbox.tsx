import { i18n } from "@lingui/core";
import { DownloadOutlined, LeftOutlined, RightOutlined } from "@ant-design/icons";
import { useFragment } from "@apollo/client/react";
import { Button, Modal } from "antd";
import type { ReactNode } from "react";
import { graphql } from "../../gql/gql.js";
import { formatSize } from "./attachment-words.js";
import type { AttachmentProps } from "./attachment-view.js";
import { openPicture } from "./open-picture.js";
import { useDownload, useMediaLoading } from "./use-attachment.js";
import { useNeighbourKeys, useNeighbours, type Neighbours } from "./use-neighbours.js";

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
  /** The room that is on the screen: one can go on to its other pictures. */
  readonly roomId: string | null;
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

interface StepProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly toId: string | null;
}

/** At an end it stays where it is, so that the focus does. */
function StepButton({ label, icon, toId }: StepProps) {
  return (
    <Button
      icon={icon}
      aria-label={label}
      title={label}
      aria-disabled={toId === null}
      onClick={() => toId !== null && openPicture.set(toId)}
    />
  );
}

/** Leads to the pictures beside the one that is open, and tells which one it is. */
function Steps({ neighbours, name }: { readonly neighbours: Neighbours; readonly name: string }) {
  const { position, count, previousId, nextId } = neighbours;
  return (
    <span className="lightbox-steps">
      <StepButton label={i18n.t("Previous picture")} icon={<LeftOutlined />} toId={previousId} />
      <span className="meta" role="status">
        <span className="visually-hidden">{name} </span>
        {i18n.t("{position, number} of {count, number}", { position, count })}
      </span>
      <StepButton label={i18n.t("Next picture")} icon={<RightOutlined />} toId={nextId} />
    </span>
  );
}

interface FooterProps extends AttachmentProps {
  readonly neighbours: Neighbours | null;
}

function Footer({ messageId, attachment, neighbours }: FooterProps) {
  const download = useDownload(messageId, attachment);
  const { size, width, height } = attachment;
  return (
    <div className="lightbox-footer">
      <span className="meta">{`${formatSize(size)} · ${width} × ${height}`}</span>
      {neighbours && <Steps neighbours={neighbours} name={attachment.name} />}
      <Button icon={<DownloadOutlined />} onClick={download}>
        {i18n.t("Download")}
      </Button>
    </div>
  );
}

/** A picture as large as the window allows, with its name, its size, a way to keep it, and the room's others. */
export function Lightbox({ messageId, roomId, isOpen, onClose }: LightboxProps) {
  const from = `ChatMessage:${messageId}`;
  const { data, complete } = useFragment({ fragment: OpenPicture, fragmentName: "OpenPicture", from });
  // One that is closed follows nothing.
  const neighbours = useNeighbours(messageId, isOpen ? roomId : null);
  useNeighbourKeys(neighbours);
  const attachment = complete ? data.attachment : null;
  if (!attachment) return null;
  return (
    <Modal
      open={isOpen}
      onCancel={onClose}
      title={<span className="lightbox-name">{attachment.name}</span>}
      footer={<Footer messageId={messageId} attachment={attachment} neighbours={neighbours} />}
      width="fit-content"
      centered
      destroyOnHidden
      className="lightbox"
    >
      <Whole key={messageId} messageId={messageId} attachment={attachment} />
    </Modal>
  );
}
