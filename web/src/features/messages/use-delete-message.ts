import { i18n } from "@lingui/core";
import { useMutation } from "@apollo/client/react";
import { useCallback } from "react";
import { useParams } from "react-router";
import { graphql } from "../../gql/gql.js";
import { describeError, toFailure } from "../../lib/errors.js";
import { readText, writeText } from "../../lib/kept-texts.js";
import { useChat } from "../session/chat.context.js";
import { editKey } from "./drafts.js";
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
  const { me, stream } = useChat();
  const [remove] = useMutation(DeleteChatMessage, {
    variables: { input: { messageId } },
    update: (cache) => hideFromWindow(cache, roomId, messageId),
  });
  return useCallback(() => {
    const onOk = async (): Promise<void> => {
      const key = editKey(me.id, { roomId, messageId });
      const changes = readText(key);
      // What one deletes oneself is not given back. Until it is deleted the text is kept: it may not come to that.
      const forget = (): void => void (readText(key) === changes && writeText(key, null));
      const end = stream.listen((event) => {
        if (event.__typename === "ChatMessageDeleted" && event.messageId === messageId) forget();
      });
      try {
        await remove();
        forget();
      } catch (error) {
        // Gone already is what was wanted.
        if (toFailure(error).code === "NOT_FOUND") forget();
        else notices.error(describeError(error));
      } finally {
        end();
      }
    };
    notices.ask({
      title: i18n.t("Delete this message?"),
      content: i18n.t("It will be gone for everyone in the room."),
      okText: i18n.t("Delete"),
      onOk,
    });
  }, [remove, me.id, stream, roomId, messageId]);
}
