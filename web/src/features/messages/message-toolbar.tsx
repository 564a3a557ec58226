import { DeleteOutlined, EditOutlined, LinkOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import { EmojiPopover } from "../emoji/emoji-popover.js";
import { useReact } from "../reactions/use-react.js";
import { useCopyLink } from "./use-copy-link.js";
import { useDeleteMessage } from "./use-delete-message.js";

interface MessageToolbarProps {
  readonly messageId: string;
  readonly isOwn: boolean;
  /** Whether the emoji picker is open; the row keeps the toolbar while it is. */
  readonly isPicking: boolean;
  readonly onPickingChange: (isPicking: boolean) => void;
  readonly onEdit: () => void;
}

interface ActionProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onClick: () => void;
}

function Action({ label, icon, onClick }: ActionProps) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={onClick}>
      {icon}
    </button>
  );
}

/** What can be done with a message, while it is pointed at or has the focus. */
export function MessageToolbar({ messageId, isOwn, isPicking, onPickingChange, onEdit }: MessageToolbarProps) {
  const { react } = useReact(messageId);
  const confirmDelete = useDeleteMessage(messageId);
  const copyLink = useCopyLink(messageId);
  return (
    <div className="toolbar" role="toolbar" aria-label="Message actions">
      <EmojiPopover
        label="Add reaction"
        isOpen={isPicking}
        onOpenChange={onPickingChange}
        onChoose={react}
        placement="topRight"
      />
      {isOwn && <Action label="Edit message" icon={<EditOutlined />} onClick={onEdit} />}
      <Action label="Copy link" icon={<LinkOutlined />} onClick={copyLink} />
      {isOwn && <Action label="Delete message" icon={<DeleteOutlined />} onClick={confirmDelete} />}
    </div>
  );
}
