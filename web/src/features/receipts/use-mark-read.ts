import { useMutation } from "@apollo/client/react";
import { useEffect, useRef } from "react";
import { graphql } from "../../gql/gql.js";
import { useStore, type Store } from "../../lib/store.js";
import { useWindowActive } from "../../ui/use-window-active.js";
import type { FeedWindow } from "../messages/feed.js";

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

interface MarkReadInput {
  readonly roomId: string;
  readonly unreadCount: number;
  readonly window: FeedWindow;
  readonly atEnd: Store<boolean>;
}

/** Marks the room read when its newest message stands on a screen that someone looks at. */
export function useMarkRead({ roomId, unreadCount, window, atEnd }: MarkReadInput): void {
  const [markRead] = useMutation(MarkChatRoomRead);
  const isActive = useWindowActive();
  const isAtEnd = useStore(atEnd);
  const asked = useRef<string | null>(null);
  const newestId = window.pageInfo.hasNextPage ? null : (window.edges.at(-1)?.node.id ?? null);
  useEffect(() => {
    if (!isActive || !isAtEnd || unreadCount === 0 || newestId === null || asked.current === newestId) return;
    asked.current = newestId;
    markRead({ variables: { input: { roomId, messageId: newestId } } }).catch(() => {
      // Asked again with the next message, or when the window is looked at the next time.
      asked.current = null;
    });
  }, [isActive, isAtEnd, unreadCount, newestId, roomId, markRead]);
}
