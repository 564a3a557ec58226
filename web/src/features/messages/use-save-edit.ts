import { useCallback, useState } from "react";
import { graphql } from "../../gql/gql.js";
import { Turns } from "../../lib/turns.js";
import { writeUnlessTold } from "../events/change-answer.js";
import { useChat } from "../session/chat.context.js";
import { writeMessage } from "./message.cache.js";
import { toldMessageOf } from "./message.events.js";

const EditChatMessage = graphql(`
  mutation EditChatMessage($input: EditChatMessageInput!) {
    editChatMessage(input: $input) {
      message {
        ...EventMessage @unmask
      }
    }
  }
`);

/** Edits by their message. One that broke off is made again, and would come after a later one that did not wait for it. */
const edits = new Turns();

/** Whether a text of this message is being saved, by whichever editor. */
export function isBeingSaved(messageId: string): boolean {
  return edits.has(messageId);
}

/** Saves texts of a message, in the order in which they are handed over, so that the last one stays. */
export function useSaveEdit(messageId: string) {
  const { client, stream } = useChat();
  const [isSaving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const save = useCallback(
    async (content: string): Promise<void> => {
      const variables = { input: { messageId, content } };
      setSaving(true);
      setRefusal(null);
      try {
        await edits.take(messageId, () =>
          writeUnlessTold(stream, {
            ask: () => client.mutate({ mutation: EditChatMessage, variables, fetchPolicy: "no-cache" }),
            subjectOf: toldMessageOf,
            subjectOfAnswer: () => messageId,
            write: ({ data }) => data && writeMessage(client.cache, data.editChatMessage.message),
          }),
        );
      } catch (error) {
        setRefusal(error);
        throw error;
      } finally {
        setSaving(false);
      }
    },
    [client, stream, messageId],
  );
  return { save, isSaving, refusal };
}
