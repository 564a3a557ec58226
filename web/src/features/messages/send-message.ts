import type { ApolloClient } from "@apollo/client";
import { graphql } from "../../gql/gql.js";
import type { SenderOptions } from "../../lib/outbox-sender.js";
import type { Upload } from "../../lib/upload-link.js";
import { writeUnlessTold } from "../events/change-answer.js";
import type { EventStream } from "../events/event-stream.js";
import { showInWindow, writeMessage, type MessageData } from "./message.cache.js";
import { toldMessageOf } from "./message.events.js";

const SendChatMessage = graphql(`
  mutation SendChatMessage($input: SendChatMessageInput!) {
    sendChatMessage(input: $input) {
      message {
        ...EventMessage @unmask
      }
    }
  }
`);

/**
 * The outbox's way to the server: sends once under the message's key and shows what was stored, unless events have told of
 * it first: then it may be edited or deleted by now.
 */
export function sendMessage(client: ApolloClient, stream: Pick<EventStream, "listenFor">): SenderOptions["send"] {
  return ({ roomId, content, clientMutationId, file }, watch) => {
    const variables = { input: { roomId, content, clientMutationId } };
    const upload: Upload | undefined = file ? { file, ...watch } : undefined;
    return writeUnlessTold<MessageData>(stream, {
      ask: async () => {
        const options = { mutation: SendChatMessage, variables, context: { upload }, fetchPolicy: "no-cache" } as const;
        const { data } = await client.mutate(options);
        if (!data) throw new Error("The server sent no message");
        return data.sendChatMessage.message;
      },
      subjectOf: toldMessageOf,
      subjectOfAnswer: (message) => message.id,
      write: (message) =>
        client.cache.batch({
          update: (cache) => {
            writeMessage(cache, { ...message, clientMutationId });
            showInWindow(cache, roomId, message);
          },
        }),
    });
  };
}
