import type { ApolloClient } from "@apollo/client";
import { graphql } from "../../gql/gql.js";
import type { SenderOptions } from "../../lib/outbox-sender.js";
import type { Upload } from "../../lib/upload-link.js";
import { showInWindow, writeMessage } from "./message.cache.js";

const SendChatMessage = graphql(`
  mutation SendChatMessage($input: SendChatMessageInput!) {
    sendChatMessage(input: $input) {
      message {
        ...EventMessage @unmask
        room {
          id
          ...RoomHead
        }
      }
    }
  }
`);

/**
 * The outbox's way to the server: sends once under the message's key and shows what was stored.
 * The event about it may come before or after; both put the same message into the same place.
 */
export function sendMessage(client: ApolloClient): SenderOptions["send"] {
  return async ({ roomId, content, clientMutationId, file }, watch) => {
    const variables = { input: { roomId, content, clientMutationId } };
    const upload: Upload | undefined = file ? { file, ...watch } : undefined;
    const { data } = await client.mutate({ mutation: SendChatMessage, variables, context: { upload } });
    const message = data?.sendChatMessage.message;
    if (!message) throw new Error("The server sent no message");
    client.cache.batch({
      update: (cache) => {
        const { room: _room, ...stored } = message;
        writeMessage(cache, { ...stored, clientMutationId });
        showInWindow(cache, roomId, stored);
      },
    });
  };
}
