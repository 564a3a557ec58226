import { useMutation } from "@apollo/client/react";
import { App } from "antd";
import { useCallback } from "react";
import { describeError } from "../../lib/errors.js";
import { RemoveChatParticipant } from "./room.mutations.js";

/** Asks, then removes somebody from a room. The room itself changes by the event about it. */
export function useRemoveMember() {
  const { modal, message } = App.useApp();
  const [remove] = useMutation(RemoveChatParticipant);
  return useCallback(
    (
      room: { readonly id: string; readonly displayName: string },
      user: { readonly id: string; readonly chatDisplayName: string | null },
    ) => {
      const name = user.chatDisplayName ?? "this member";
      modal.confirm({
        title: `Remove ${name} from “${room.displayName}”?`,
        content: "They will no longer see this room or its messages.",
        okText: "Remove",
        okButtonProps: { danger: true },
        onOk: () =>
          remove({ variables: { input: { roomId: room.id, userId: user.id } } }).then(
            () => undefined,
            (error: unknown) => void message.error(describeError(error)),
          ),
      });
    },
    [modal, message, remove],
  );
}
