import { useApolloClient } from "@apollo/client/react";
import { useEffect, useRef } from "react";
import type { FeedWindow } from "./feed.js";
import { boundWindow, collectGarbage } from "./message.cache.js";
import { WINDOW_MAX } from "./message-window.js";

/** A window is let grow by this much before it is cut, so that it is cut seldom. */
const SLACK = 100;
/** Whatever is forgotten is read again afterwards, which one should not notice. */
const CUTS_A_COLLECTION = 5;

interface BoundedWindowInput {
  readonly roomId: string;
  readonly window: FeedWindow;
  /** The rows that are shown, by their place in the window. */
  readonly items: readonly { readonly index: number }[];
}

/** Keeps the window of a busy room short: what arrives makes it longer, and nobody is near both of its ends. */
export function useBoundedWindow({ roomId, window, items }: BoundedWindowInput): void {
  const { cache } = useApolloClient();
  const { length } = window.edges;
  const isLong = length > WINDOW_MAX + SLACK;
  const firstIndex = items[0]?.index ?? 0;
  const lastIndex = items.at(-1)?.index ?? 0;
  const isAtNewest = firstIndex > length - WINDOW_MAX + SLACK;
  const isAtOldest = lastIndex < WINDOW_MAX - SLACK;
  const cuts = useRef(0);
  useEffect(() => {
    if (!isLong || !(isAtNewest || isAtOldest)) return;
    boundWindow(cache, roomId, isAtNewest ? "newest" : "oldest");
    cuts.current += 1;
    if (cuts.current % CUTS_A_COLLECTION === 0) collectGarbage(cache);
  }, [cache, roomId, isLong, isAtNewest, isAtOldest]);
}
