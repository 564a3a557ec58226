import { useApolloClient } from "@apollo/client/react";
import { useEffect, useState } from "react";
import { readLastRead } from "../receipts/receipt.cache.js";
import { useChat } from "../session/chat.context.js";
import type { FeedWindow } from "./feed.js";
import { usePages } from "./use-pages.js";

interface InitialWindow {
  readonly roomId: string;
  readonly unreadCount: number;
  readonly window: FeedWindow;
  readonly jumpToId: string | null;
}

/** The message that the window has to be loaded around before the feed can open; null when it is right as it is. */
function useMissingTarget({ roomId, unreadCount, window, jumpToId }: InitialWindow): string | null {
  const { cache } = useApolloClient();
  const { me } = useChat();
  const [target] = useState(() => {
    const { edges, pageInfo } = window;
    if (jumpToId) return edges.some(({ node }) => node.id === jumpToId) ? null : jumpToId;
    if (unreadCount === 0 || !pageInfo.hasPreviousPage) return null;
    const read = readLastRead(cache, roomId, me.id);
    const oldest = edges[0]?.node.createdAt;
    const isInside = !read?.at || (oldest !== undefined && Date.parse(oldest) <= Date.parse(read.at));
    return isInside ? null : (read?.messageId ?? null);
  });
  return target;
}

/** Whether the window holds the place where the feed opens: a message that was linked to, or the first unread one. */
export function useInitialWindow(input: InitialWindow): boolean {
  const target = useMissingTarget(input);
  const { loadAround } = usePages(input.roomId, input.window.pageInfo);
  const [isReady, setReady] = useState(target === null);
  useEffect(() => {
    if (target === null) return;
    let isCurrent = true;
    // A target that is gone is no reason not to open: the newest messages are there already.
    const done = (): void => void (isCurrent && setReady(true));
    loadAround(target).then(done, done);
    return () => {
      isCurrent = false;
    };
    // Once, when the room is opened: later jumps are made by the open feed.
  }, [target, loadAround]);
  return isReady;
}
