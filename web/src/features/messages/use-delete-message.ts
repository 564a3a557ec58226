import { i18n } from "@lingui/core";
import { useMutation } from "@apollo/client/react";
import { App } from "antd";
import { useCallback } from "react";
import { useParams } from "react-router";
import { graphql } from "../../gql/gql.js";
import { describeError, toFailure } from "../../lib/errors.js";
import { hideFromWindow } from "./message.cache.js";

const DeleteChatMessage = graphql(`
  mutation DeleteChatMessage($input: DeleteChatMessageInput!) {
    deleteChatMessage(input: $input) {
      messageId
    }
  }
`);

/** Asks, then deletes a message. */
export function useDeleteMessage(messageId: string): () => void {
  const { modal, message } = App.useApp();
  const { roomId = "" } = useParams();
  const [remove] = useMutation(DeleteChatMessage, {
    variables: { input: { messageId } },
    update: (cache) => hideFromWindow(cache, roomId, messageId),
  });
  return useCallback(() => {
    const onOk = async (): Promise<void> => {
      try {
        await remove();
      } catch (error) {
        // Gone already is what was wanted.
        if (toFailure(error).code !== "NOT_FOUND") void message.error(describeError(error));
      }
    };
    modal.confirm({
      title: i18n.t("Delete this message?"),
      content: i18n.t("It will be gone for everyone in the room."),
      okText: i18n.t("Delete"),
      okButtonProps: { danger: true },
      onOk,
    });
  }, [modal, message, remove]);
}
