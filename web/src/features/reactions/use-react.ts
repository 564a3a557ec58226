import { useApolloClient } from "@apollo/client/react";
import { useCallback } from "react";
import { graphql } from "../../gql/gql.js";
import { describeError } from "../../lib/errors.js";
import { Turns } from "../../lib/turns.js";
import { writeUnlessTold } from "../events/change-answer.js";
import { useChat } from "../session/chat.context.js";
import { updateReactions } from "./reaction.cache.js";
import { ownReactionOf } from "./reaction.events.js";
import { notices } from "../../ui/notices.js";

const AddMessageReaction = graphql(`
  mutation AddMessageReaction($input: AddMessageReactionInput!) {
    addMessageReaction(input: $input) {
      reaction {
        id
      }
    }
  }
`);

const RemoveMessageReaction = graphql(`
  mutation RemoveMessageReaction($input: RemoveMessageReactionInput!) {
    removeMessageReaction(input: $input) {
      messageId
      emoji
    }
  }
`);

/** Changes by their reaction: one that is made again while the server is away must not undo a later one. */
const changes = new Turns();

/** Adds or takes back one's own reaction. Shown when the server has it, by its answer or by the event, whichever is first. */
export function useReact(messageId: string) {
  const client = useApolloClient();
  const { me, stream } = useChat();
  const change = useCallback(
    async (emoji: string, isAdded: boolean): Promise<void> => {
      const variables = { input: { messageId, emoji } };
      const user = { __typename: "User", id: me.id, chatDisplayName: me.name } as const;
      try {
        await writeUnlessTold<unknown>(stream, {
          ask: () =>
            isAdded
              ? client.mutate({ mutation: AddMessageReaction, variables, fetchPolicy: "no-cache" })
              : client.mutate({ mutation: RemoveMessageReaction, variables, fetchPolicy: "no-cache" }),
          subjectOf: (event) => ownReactionOf(event, me),
          subjectOfAnswer: () => `${messageId} ${emoji}`,
          write: () => updateReactions(client.cache, messageId, { emoji, isAdded, isViewer: true, user }),
        });
      } catch (error) {
        notices.error(describeError(error));
      }
    },
    [client, me, stream, messageId],
  );
  const changeInTurn = (emoji: string, isAdded: boolean): void =>
    void changes.take(`${messageId} ${emoji}`, () => change(emoji, isAdded));
  return {
    react: (emoji: string) => changeInTurn(emoji, true),
    takeBack: (emoji: string) => changeInTurn(emoji, false),
  };
}
