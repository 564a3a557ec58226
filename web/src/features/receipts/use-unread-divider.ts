import { useApolloClient } from "@apollo/client/react";
import { useCallback, useMemo, useState } from "react";
import type { Store } from "../../lib/store.js";
import { useWindowActive } from "../../ui/use-window-active.js";
import type { FeedWindow } from "../messages/feed.js";
import { findFirstUnread } from "../messages/timeline.js";
import { useChat } from "../session/chat.context.js";
import { readLastRead } from "./receipt.cache.js";

interface UnreadDividerInput {
  readonly roomId: string;
  readonly unreadCount: number;
  readonly window: FeedWindow;
  /** Whether the newest message is in view. */
  readonly atEnd: Store<boolean>;
}

interface Line {
  /** Everything after this instant is below the divider; null: everything. */
  readonly readAt: string | null;
}

function firstBelow(window: FeedWindow, line: Line | null, viewerId: string): string | null {
  if (!line) return null;
  const oldest = window.edges[0]?.node.createdAt;
  const readMs = line.readAt === null ? -Infinity : Date.parse(line.readAt);
  // The line is somewhere above what is loaded.
  if (oldest !== undefined && window.pageInfo.hasPreviousPage && Date.parse(oldest) > readMs) return null;
  const messages = window.edges.map((edge) => edge.node);
  return findFirstUnread(messages, line.readAt, viewerId)?.id ?? null;
}

/**
 * The unread divider of an open room. It stands still while one reads, though the read position moves on;
 * a new one is drawn when messages come while nobody looks.
 */
export function useUnreadDivider({ roomId, unreadCount, window, atEnd }: UnreadDividerInput) {
  const { cache } = useApolloClient();
  const { me } = useChat();
  const isActive = useWindowActive();
  const readLine = (): Line => ({ readAt: readLastRead(cache, roomId, me.id)?.at ?? null });
  const [line, setLine] = useState<Line | null>(() => (unreadCount > 0 ? readLine() : null));
  const [knownUnread, setKnownUnread] = useState(unreadCount);
  if (knownUnread !== unreadCount) {
    setKnownUnread(unreadCount);
    if (knownUnread === 0 && !(isActive && atEnd.get())) setLine(readLine());
  }
  const firstUnreadId = useMemo(() => firstBelow(window, line, me.id), [window, line, me.id]);
  const clear = useCallback(() => setLine(null), []);
  return { firstUnreadId, clear };
}
