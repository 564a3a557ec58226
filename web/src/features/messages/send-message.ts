import type { ApolloClient } from "@apollo/client";
import { graphql } from "../../gql/gql.js";
import type { OutboxMessage } from "../../lib/outbox.js";
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
export function sendMessage(client: ApolloClient): (message: OutboxMessage) => Promise<void> {
  return async ({ roomId, content, clientMutationId }) => {
    const input = { roomId, content, clientMutationId };
    const { data } = await client.mutate({ mutation: SendChatMessage, variables: { input } });
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
