import { i18n } from "@lingui/core";
import { useMutation } from "@apollo/client/react";
import { useCallback } from "react";
import { useParams } from "react-router";
import { graphql } from "../../gql/gql.js";
import { describeError, toFailure } from "../../lib/errors.js";
import { hideFromWindow } from "./message.cache.js";
import { notices } from "../../ui/notices.js";

const DeleteChatMessage = graphql(`
  mutation DeleteChatMessage($input: DeleteChatMessageInput!) {
    deleteChatMessage(input: $input) {
      messageId
    }
  }
`);

/** Asks, then deletes a message. */
export function useDeleteMessage(messageId: string): () => void {
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
        if (toFailure(error).code !== "NOT_FOUND") notices.error(describeError(error));
      }
    };
    notices.ask({
      title: i18n.t("Delete this message?"),
      content: i18n.t("It will be gone for everyone in the room."),
      okText: i18n.t("Delete"),
      onOk,
    });
  }, [remove]);
}
