import { useMutation } from "@apollo/client/react";
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
  const [setTyping] = useMutation(SetChatTyping);
  const sender = useMemo(
    () =>
      new TypingSender({
        send: (isTyping) => void setTyping({ variables: { input: { roomId, isTyping } } }).catch(() => undefined),
      }),
    [roomId, setTyping],
  );
  useEffect(() => () => sender.stop(), [sender]);
  return sender;
}
