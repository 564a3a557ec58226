import { i18n } from "@lingui/core";
import { DeleteOutlined, EditOutlined, LogoutOutlined } from "@ant-design/icons";
import { useMutation } from "@apollo/client/react";
import { Button } from "antd";
import { useState } from "react";
import { describeError } from "../../lib/errors.js";
import { useChat } from "../session/chat.context.js";
import { RenameDialog } from "./rename-dialog.js";
import { DeleteChatRoom, RemoveChatParticipant } from "./room.mutations.js";
import { notices } from "../../ui/notices.js";

interface RoomActionsProps {
  readonly roomId: string;
  readonly name: string;
  readonly isOwner: boolean;
  /** The last one to leave takes the room along. */
  readonly isLast: boolean;
}

function useDeparture({ roomId, name, isLast }: RoomActionsProps) {
  const { me, leaving } = useChat();
  const [removeParticipant] = useMutation(RemoveChatParticipant);
  const [deleteRoom] = useMutation(DeleteChatRoom);
  const ask = (title: string, content: string, okText: string, act: () => Promise<unknown>): void => {
    const onOk = async (): Promise<void> => {
      leaving.add(roomId);
      try {
        await act();
      } catch (error) {
        leaving.delete(roomId);
        notices.error(describeError(error));
      }
    };
    notices.ask({ title, content, okText, onOk });
  };
  const leave = (): void =>
    ask(
      i18n.t("Leave “{name}”?", { name }),
      isLast
        ? i18n.t("You are the last member: the room and its messages will be deleted.")
        : i18n.t("You can come back only if a member adds you again."),
      i18n.t("Leave"),
      () => removeParticipant({ variables: { input: { roomId, userId: me.id } } }),
    );
  const destroy = (): void =>
    ask(
      i18n.t("Delete “{name}”?", { name }),
      i18n.t("The room and all its messages will be gone for everyone."),
      i18n.t("Delete"),
      () => deleteRoom({ variables: { input: { roomId } } }),
    );
  return { leave, destroy };
}

/** Rename and delete for the owner, leave for everyone. */
export function RoomActions(props: RoomActionsProps) {
  const { leave, destroy } = useDeparture(props);
  const [isRenaming, setRenaming] = useState(false);
  return (
    <div className="room-actions">
      {props.isOwner && (
        <Button block icon={<EditOutlined />} onClick={() => setRenaming(true)}>
          {i18n.t("Rename room")}
        </Button>
      )}
      <Button block icon={<LogoutOutlined />} onClick={leave}>
        {i18n.t("Leave room")}
      </Button>
      {props.isOwner && (
        <Button block danger icon={<DeleteOutlined />} onClick={destroy}>
          {i18n.t("Delete room")}
        </Button>
      )}
      {isRenaming && <RenameDialog roomId={props.roomId} name={props.name} onClose={() => setRenaming(false)} />}
    </div>
  );
}
