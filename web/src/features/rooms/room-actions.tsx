import { DeleteOutlined, EditOutlined, LogoutOutlined } from "@ant-design/icons";
import { useMutation } from "@apollo/client/react";
import { App, Button } from "antd";
import { useState } from "react";
import { describeError } from "../../lib/errors.js";
import { useChat } from "../session/chat.context.js";
import { RenameDialog } from "./rename-dialog.js";
import { DeleteChatRoom, RemoveChatParticipant } from "./room.mutations.js";

interface RoomActionsProps {
  readonly roomId: string;
  readonly name: string;
  readonly isOwner: boolean;
  /** The last one to leave takes the room along. */
  readonly isLast: boolean;
}

function useDeparture({ roomId, name, isLast }: RoomActionsProps) {
  const { me, leaving } = useChat();
  const { modal, message } = App.useApp();
  const [removeParticipant] = useMutation(RemoveChatParticipant);
  const [deleteRoom] = useMutation(DeleteChatRoom);
  const ask = (title: string, content: string, okText: string, act: () => Promise<unknown>): void => {
    const onOk = async (): Promise<void> => {
      leaving.add(roomId);
      try {
        await act();
      } catch (error) {
        leaving.delete(roomId);
        void message.error(describeError(error));
      }
    };
    modal.confirm({ title, content, okText, okButtonProps: { danger: true }, onOk });
  };
  const leave = (): void =>
    ask(
      `Leave “${name}”?`,
      isLast
        ? "You are the last member: the room and its messages will be deleted."
        : "You can come back only if a member adds you again.",
      "Leave",
      () => removeParticipant({ variables: { input: { roomId, userId: me.id } } }),
    );
  const destroy = (): void =>
    ask(`Delete “${name}”?`, "The room and all its messages will be gone for everyone.", "Delete", () =>
      deleteRoom({ variables: { input: { roomId } } }),
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
          Rename room
        </Button>
      )}
      <Button block icon={<LogoutOutlined />} onClick={leave}>
        Leave room
      </Button>
      {props.isOwner && (
        <Button block danger icon={<DeleteOutlined />} onClick={destroy}>
          Delete room
        </Button>
      )}
      {isRenaming && <RenameDialog roomId={props.roomId} name={props.name} onClose={() => setRenaming(false)} />}
    </div>
  );
}
