import { useApolloClient } from "@apollo/client/react";
import { useEffect, useMemo } from "react";
import { graphql } from "../../gql/gql.js";
import { TypingSender } from "./typing-sender.js";

const SetChatTyping = graphql(`
  mutation SetChatTyping($input: SetChatTypingInput!) {
    setChatTyping(input: $input) {
      roomId
      isTyping
    }
  }
`);

/** One's own typing in a room. A lost word about it does no harm, so failures are not shown. */
export function useTypingSender(roomId: string): TypingSender {
  const client = useApolloClient();
  const sender = useMemo(
    () =>
      new TypingSender({
        send: (isTyping) => {
          const variables = { input: { roomId, isTyping } };
          client.mutate({ mutation: SetChatTyping, variables, fetchPolicy: "no-cache" }).catch(() => undefined);
        },
      }),
    [client, roomId],
  );
  useEffect(() => () => sender.stop(), [sender]);
  return sender;
}
