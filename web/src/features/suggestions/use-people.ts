import { useFragment } from "@apollo/client/react";
import { useMemo } from "react";
import { graphql } from "../../gql/gql.js";
import { isMentionable, type Person } from "../messages/mention.js";

const MentionablePeople = graphql(`
  fragment MentionablePeople on ChatRoom {
    id
    participants {
      id
      user {
        id
        chatUsername
        chatDisplayName
      }
    }
  }
`);

/** The people of a room who can be mentioned. */
export function usePeople(roomId: string): readonly Person[] {
  const { data, complete } = useFragment({
    fragment: MentionablePeople,
    from: { __typename: "ChatRoom", id: roomId },
  });
  return useMemo(
    () =>
      (complete ? data.participants : []).flatMap(({ user: { id, chatUsername, chatDisplayName } }) =>
        chatUsername !== null && isMentionable(chatUsername)
          ? [{ id, username: chatUsername, name: chatDisplayName ?? chatUsername }]
          : [],
      ),
    [data, complete],
  );
}
