import { i18n } from "@lingui/core";
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
      const name = user.chatDisplayName ?? i18n.t("this member");
      modal.confirm({
        title: i18n.t("Remove {name} from “{room}”?", { name, room: room.displayName }),
        content: i18n.t("They will no longer see this room or its messages."),
        okText: i18n.t("Remove"),
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
