import { useApolloClient } from "@apollo/client/react";
import { useCallback } from "react";
import { graphql } from "../../gql/gql.js";
import { describeError } from "../../lib/errors.js";
import { useChat } from "../session/chat.context.js";
import { updateReactions } from "./reaction.cache.js";
import { isOwnReaction } from "./reaction.events.js";
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

/** Adds or takes back one's own reaction. Shown when the server has it, by its answer or by the event, whichever is first. */
export function useReact(messageId: string) {
  const client = useApolloClient();
  const { me, stream } = useChat();
  const change = useCallback(
    async (emoji: string, isAdded: boolean): Promise<void> => {
      const variables = { input: { messageId, emoji } };
      const wasTold = stream.listenFor((event) => isOwnReaction(event, me.id, { messageId, emoji }));
      try {
        if (isAdded) await client.mutate({ mutation: AddMessageReaction, variables });
        else await client.mutate({ mutation: RemoveMessageReaction, variables });
        const user = { __typename: "User", id: me.id, chatDisplayName: me.name } as const;
        // What an event has told meanwhile is as new as this answer, or newer.
        if (!wasTold()) updateReactions(client.cache, messageId, { emoji, isAdded, isViewer: true, user });
      } catch (error) {
        wasTold();
        notices.error(describeError(error));
      }
    },
    [client, me, stream, messageId],
  );
  return {
    react: (emoji: string) => void change(emoji, true),
    takeBack: (emoji: string) => void change(emoji, false),
  };
}
