import type { ApolloCache } from "@apollo/client/cache";
import type { Effect } from "../events/effect.js";
import type { EventOf } from "../events/chat-events.graphql.js";
import { graphql } from "../../gql/gql.js";

const UserPresence = graphql(`
  fragment UserPresence on User {
    id
    chatPresence
  }
`);

const UserNames = graphql(`
  fragment UserNames on User {
    id
    chatUsername
    chatDisplayName
  }
`);

/** Someone came online or went away. */
export function applyPresence(cache: ApolloCache, event: EventOf<"ChatPresenceChanged">): readonly Effect[] {
  cache.writeFragment({ id: `User:${event.user.id}`, fragment: UserPresence, data: event.user });
  return [];
}

/** Someone was renamed. Direct rooms with them are shown under the new name. */
export function applyUserChanged(cache: ApolloCache, event: EventOf<"ChatUserChanged">): readonly Effect[] {
  cache.writeFragment({ id: `User:${event.user.id}`, fragment: UserNames, data: event.user });
  return [];
}
