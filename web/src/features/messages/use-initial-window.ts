import { useApolloClient } from "@apollo/client/react";
import { useEffect, useState } from "react";
import { readLastRead } from "../receipts/receipt.cache.js";
import { useChat } from "../session/chat.context.js";
import type { FeedWindow } from "./feed.js";
import { MESSAGES_A_PAGE_AT_MOST } from "./message-edge.graphql.js";
import { usePages } from "./use-pages.js";

interface InitialWindow {
  readonly roomId: string;
  readonly unreadCount: number;
  readonly window: FeedWindow;
  readonly jumpToId: string | null;
}

/** What has to be loaded before the feed can open: the messages around one, or more of the newest ones. */
type Missing = { readonly around: string } | { readonly newest: number };

/** Whoever has never read here sees a few lines above the first unread one as well. */
const ROWS_ABOVE = 5;

/** What the window lacks of the place where the feed opens; null when it is right as it is. */
function useMissing({ roomId, unreadCount, window, jumpToId }: InitialWindow): Missing | null {
  const { cache } = useApolloClient();
  const { me } = useChat();
  const [missing] = useState((): Missing | null => {
    const { edges, pageInfo } = window;
    if (jumpToId) return edges.some(({ node }) => node.id === jumpToId) ? null : { around: jumpToId };
    if (unreadCount === 0 || !pageInfo.hasPreviousPage) return null;
    const read = readLastRead(cache, roomId, me.id);
    const oldest = edges[0]?.node.createdAt;
    if (!read || (oldest !== undefined && Date.parse(oldest) <= Date.parse(read.at))) return null;
    if (read.messageId !== null) return { around: read.messageId };
    return { newest: Math.min(MESSAGES_A_PAGE_AT_MOST, unreadCount + ROWS_ABOVE) };
  });
  return missing;
}

/** Whether the window holds the place where the feed opens: a message that was linked to, or the first unread one. */
export function useInitialWindow(input: InitialWindow): boolean {
  const missing = useMissing(input);
  const { loadAround, loadNewest } = usePages(input.roomId, input.window);
  const [isReady, setReady] = useState(missing === null);
  useEffect(() => {
    if (missing === null) return;
    let isCurrent = true;
    // A target that is gone is no reason not to open: the newest messages are there already.
    const done = (): void => void (isCurrent && setReady(true));
    const loading = "around" in missing ? loadAround(missing.around) : loadNewest(missing.newest);
    loading.then(done, done);
    return () => {
      isCurrent = false;
    };
    // Once, when the room is opened: later jumps are made by the open feed.
  }, [missing, loadAround, loadNewest]);
  return isReady;
}
