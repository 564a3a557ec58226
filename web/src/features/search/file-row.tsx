import { i18n } from "@lingui/core";
import { Link } from "react-router";
import { formatFull, formatShortDay } from "../../ui/dates.js";
import { JUMP } from "../../ui/location-state.js";
import { AttachmentLine } from "../attachments/attachment-line.js";
import type { RoomFile } from "./room-files.graphql.js";

/** One file: the line opens it, beside it is the way to its message. */
export function FileRow({ file, messageTo }: { readonly file: RoomFile; readonly messageTo: string }) {
  const { id, attachment, user, createdAt } = file;
  if (!attachment) return null;
  const note = (
    <>
      {user.chatDisplayName ?? i18n.t("Deleted user")} ·{" "}
      <time dateTime={createdAt} title={formatFull(createdAt)}>
        {formatShortDay(createdAt)}
      </time>
    </>
  );
  return (
    <li className="file-row">
      <AttachmentLine messageId={id} attachment={attachment} note={note} />
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
