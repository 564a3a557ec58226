import { i18n } from "@lingui/core";
import { useMutation } from "@apollo/client/react";
import { useCallback } from "react";
import { describeError } from "../../lib/errors.js";
import { RemoveChatParticipant } from "./room.mutations.js";
import { notices } from "../../ui/notices.js";

/** Asks, then removes somebody from a room. The room itself changes by the event about it. */
export function useRemoveMember() {
  const [remove] = useMutation(RemoveChatParticipant);
  return useCallback(
    (
      room: { readonly id: string; readonly displayName: string },
      user: { readonly id: string; readonly chatDisplayName: string | null },
    ) => {
      const name = user.chatDisplayName ?? i18n.t("this member");
      notices.ask({
        title: i18n.t("Remove {name} from “{room}”?", { name, room: room.displayName }),
        content: i18n.t("They will no longer see this room or its messages."),
        okText: i18n.t("Remove"),
        onOk: () =>
          remove({ variables: { input: { roomId: room.id, userId: user.id } } }).then(
            () => undefined,
            (error: unknown) => notices.error(describeError(error)),
          ),
      });
    },
    [remove],
  );
}
