import type { ApolloCache } from "@apollo/client/cache";
import type { Unmasked } from "@apollo/client/masking";
import { graphql } from "../../gql/gql.js";
import type { MessageReactionsFragment } from "../../gql/graphql.js";

/** A message's reactions as its row shows them: one group an emoji, with the first people by name. */
export const MessageReactions = graphql(`
  fragment MessageReactions on ChatMessage {
    id
    reactionGroups {
      emoji
      count
      viewerHasReacted
      users(first: 10) {
        id
        chatDisplayName
      }
    }
  }
`);

export type ReactionGroup = Unmasked<MessageReactionsFragment>["reactionGroups"][number];

export interface ReactionChange {
  readonly emoji: string;
  readonly isAdded: boolean;
  readonly user: ReactionGroup["users"][number];
  readonly isViewer: boolean;
  /** How many there are now; absent when only one's own reaction is known to have changed. */
  readonly count?: number;
}

const NAMES_KEPT = 10;

/** The groups after one reaction came or went. Doing it twice is doing it once. */
export function changeReactions(groups: readonly ReactionGroup[], change: ReactionChange): ReactionGroup[] {
  const index = groups.findIndex((group) => group.emoji === change.emoji);
  const known = groups[index] ?? {
    __typename: "ChatReactionGroup",
    emoji: change.emoji,
    count: 0,
    viewerHasReacted: false,
    users: [],
  };
  const isNew = change.isAdded !== known.viewerHasReacted;
  const count = change.count ?? known.count + (isNew ? (change.isAdded ? 1 : -1) : 0);
  const others = known.users.filter((user) => user.id !== change.user.id);
  const group: ReactionGroup = {
    ...known,
    count,
    viewerHasReacted: change.isViewer ? change.isAdded : known.viewerHasReacted,
    users: change.isAdded ? [...others, change.user].slice(0, NAMES_KEPT) : others,
  };
  const next = index < 0 ? [...groups, group] : groups.with(index, group);
  return next.filter((each) => each.count > 0);
}

/** Changes the reactions of a message that the cache knows. */
export function updateReactions(cache: ApolloCache, messageId: string, change: ReactionChange): void {
  cache.updateFragment({ id: `ChatMessage:${messageId}`, fragment: MessageReactions }, (message) =>
    message ? { ...message, reactionGroups: changeReactions(message.reactionGroups, change) } : null,
  );
}

/** Lets a message of which the cache knows no reactions have none: it has just been sent. */
export function ensureReactions(cache: ApolloCache, messageId: string): void {
  const id = `ChatMessage:${messageId}`;
  if (cache.readFragment({ id, fragment: MessageReactions })) return;
  cache.writeFragment({
    id,
    fragment: MessageReactions,
    data: { __typename: "ChatMessage", id: messageId, reactionGroups: [] },
  });
}
