import { i18n } from "@lingui/core";
import { CopyOutlined, DeleteOutlined, EditOutlined, LinkOutlined, SmileOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import type { FeedCommand } from "../../ui/keys.js";
import { copyText } from "./copy-text.js";
import { useCopyLink } from "./use-copy-link.js";
import { useDeleteMessage } from "./use-delete-message.js";

export interface MessageActionsInput {
  readonly messageId: string;
  readonly content: string;
  readonly isOwn: boolean;
  readonly onPick: () => void;
  readonly onEdit: () => void;
}

/** Something that can be done with a message: by a button, in its menu, or by its key. */
export interface MessageAction {
  readonly id: FeedCommand | "copyText";
  readonly label: string;
  readonly icon: ReactNode;
  readonly isDanger?: boolean;
  readonly run: () => void;
}

/** What the viewer may do with a message, in the order in which it is offered. */
export function useMessageActions(input: MessageActionsInput): readonly MessageAction[] {
  const { messageId, content, isOwn, onPick, onEdit } = input;
  const confirmDelete = useDeleteMessage(messageId);
  const copyLink = useCopyLink(messageId);
  const actions: MessageAction[] = [
    { id: "react", label: i18n.t("Add reaction"), icon: <SmileOutlined />, run: onPick },
  ];
  if (isOwn) actions.push({ id: "edit", label: i18n.t("Edit message"), icon: <EditOutlined />, run: onEdit });
  actions.push({ id: "copyLink", label: i18n.t("Copy link"), icon: <LinkOutlined />, run: copyLink });
  if (content !== "")
    actions.push({ id: "copyText", label: i18n.t("Copy text"), icon: <CopyOutlined />, run: () => copyText(content) });
  if (isOwn) {
    actions.push({
      id: "delete",
      label: i18n.t("Delete message"),
      icon: <DeleteOutlined />,
      isDanger: true,
      run: confirmDelete,
    });
  }
  return actions;
}
