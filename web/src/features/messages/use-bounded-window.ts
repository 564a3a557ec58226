import { useApolloClient } from "@apollo/client/react";
import { useEffect, useRef } from "react";
import { useStore, type Store } from "../../lib/store.js";
import type { FeedWindow } from "./feed.js";
import { boundWindow, collectGarbage } from "./message.cache.js";
import { LIVE_WINDOW_MAX, WINDOW_MAX } from "./message-window.js";
import type { RowSpan } from "./use-virtual-rows.js";

/** A window is let grow by this part of what it keeps before it is cut, so that it is cut seldom. */
const SLACK = 0.5;
/** So many rows beyond those that are shown stay: more than are left when a page is asked for. */
const ROWS_BESIDE = 20;
/** Whatever is forgotten is read again afterwards, which one should not notice. */
const CUTS_A_COLLECTION = 10;

interface BoundedWindowInput {
  readonly roomId: string;
  readonly window: FeedWindow;
  /** The rows in view and those beside them, by their place in the window. */
  readonly span: RowSpan;
  readonly atEnd: Store<boolean>;
}

interface Cut {
  readonly readsAt: "oldest" | "newest";
  readonly count: number;
}

/** How the window is to be cut; null while it is short, or its reader is near both of its ends. */
function cutOf({ window, span }: Pick<BoundedWindowInput, "window" | "span">, isAtEnd: boolean): Cut | null {
  const { length } = window.edges;
  const isTooLong = (count: number): boolean => length > count * (1 + SLACK);
  const hasNewest = (count: number): boolean => span.first >= length - count + ROWS_BESIDE;
  if (isAtEnd && isTooLong(LIVE_WINDOW_MAX) && hasNewest(LIVE_WINDOW_MAX))
    return { readsAt: "newest", count: LIVE_WINDOW_MAX };
  if (!isTooLong(WINDOW_MAX)) return null;
  if (hasNewest(WINDOW_MAX)) return { readsAt: "newest", count: WINDOW_MAX };
  return span.last < WINDOW_MAX - ROWS_BESIDE ? { readsAt: "oldest", count: WINDOW_MAX } : null;
}

/** Keeps the window of a busy room short: what arrives makes it longer, and each event costs as much as it is long. */
export function useBoundedWindow(input: BoundedWindowInput): void {
  const { cache } = useApolloClient();
  const { roomId } = input;
  const isAtEnd = useStore(input.atEnd);
  const { readsAt = null, count = 0 } = cutOf(input, isAtEnd) ?? {};
  const cuts = useRef(0);
  useEffect(() => {
    if (readsAt === null) return;
    boundWindow(cache, roomId, readsAt, count);
    cuts.current += 1;
    if (cuts.current % CUTS_A_COLLECTION === 0) collectGarbage(cache);
  }, [cache, roomId, readsAt, count]);
}
