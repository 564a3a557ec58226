import { useApolloClient } from "@apollo/client/react";
import { useEffect, useMemo } from "react";
import { graphql } from "../../gql/gql.js";
import { isRetryable, toFailure } from "../../lib/errors.js";
import { useStore, type Store } from "../../lib/store.js";
import { useWindowActive } from "../../ui/use-window-active.js";
import type { FeedWindow } from "../messages/feed.js";
import { useChat } from "../session/chat.context.js";
import { ReadMarker } from "./read-marker.js";
import { setCounts } from "./receipt.cache.js";

const MarkChatRoomRead = graphql(`
  mutation MarkChatRoomRead($input: MarkChatRoomReadInput!) {
    markChatRoomRead(input: $input) {
      room {
        id
        ...RoomHead
      }
    }
  }
`);

/** Goes on its way also where the page that sends it is being left. */
const OUTLIVES_PAGE = { fetchOptions: { keepalive: true } } as const;

interface MarkReadInput {
  readonly roomId: string;
  readonly unreadCount: number;
  readonly window: FeedWindow;
  readonly atEnd: Store<boolean>;
}

/** Marks the room read when its newest message stands on a screen that someone looks at. */
export function useMarkRead({ roomId, unreadCount, window, atEnd }: MarkReadInput): void {
  const client = useApolloClient();
  const isActive = useWindowActive();
  const isAtEnd = useStore(atEnd);
  const marker = useMemo(
    () =>
      new ReadMarker((messageId) =>
        client
          .mutate({ mutation: MarkChatRoomRead, variables: { input: { roomId, messageId } }, context: OUTLIVES_PAGE })
          .then(
            () => true,
            (error: unknown) => !isRetryable(toFailure(error).code),
          ),
      ),
    [client, roomId],
  );
  useEffect(() => {
    // Of a page that is left, for another or for good, this is the last that is told for sure.
    const leaveHidden = (): void => void (document.visibilityState === "hidden" && marker.leave());
    document.addEventListener("visibilitychange", leaveHidden);
    return () => {
      document.removeEventListener("visibilitychange", leaveHidden);
      marker.leave();
    };
  }, [marker]);
  const { me, stream } = useChat();
  // What comes in where it is seen at once is never shown as unread: that would draw everything twice.
  useEffect(() => {
    if (!isActive) return;
    return stream.listen((event) => {
      if (event.__typename !== "ChatMessageSent" || event.room.id !== roomId || !atEnd.get()) return;
      if (event.message.user.id === me.id) return;
      setCounts(client.cache, roomId, { unreadCount: 0, unreadMentionCount: 0 });
      marker.mark(event.message.id);
    });
  }, [isActive, stream, me.id, roomId, atEnd, client, marker]);
  const newestId = window.pageInfo.hasNextPage ? null : (window.edges.at(-1)?.node.id ?? null);
  useEffect(() => {
    if (!isActive || !isAtEnd || unreadCount === 0 || newestId === null) return;
    // What is on the screen is not unread, however long the server takes to hear of it.
    setCounts(client.cache, roomId, { unreadCount: 0, unreadMentionCount: 0 });
    marker.mark(newestId);
  }, [isActive, isAtEnd, unreadCount, newestId, roomId, client, marker]);
}
