import { i18n } from "@lingui/core";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { badgeText } from "../../ui/badge-text.js";
import { useStore, type Store } from "../../lib/store.js";
import { useChat } from "../session/chat.context.js";
import { useEndHold, useEndWatch } from "./use-end-hold.js";
import type { Pages } from "./use-pages.js";
import { useVirtualRows, type Rows, type RowSpan, type Scroller, type VirtualRows } from "./use-virtual-rows.js";

/** A page is asked for when this few rows are left before the window's edge. */
const ROWS_AHEAD = 12;

interface FeedScrollInput {
  readonly rows: Rows;
  /** Whether the window reaches the newest message. */
  readonly isLive: boolean;
  readonly unreadCount: number;
  readonly pages: Pages;
  /** Whether the newest message is in view; kept up to date here. */
  readonly atEnd: Store<boolean>;
  /** The row that stays wherever one scrolls; null for none. */
  readonly heldKey: string | null;
}

type Virtualizer = VirtualRows["virtualizer"];

/** Opens at the unread divider, with a little before it, else at the end; answers whether it is there. */
function useOpeningPlace({ virtualizer, endOpening }: VirtualRows, rows: Rows): boolean {
  const [isOpen, setOpen] = useState(false);
  useLayoutEffect(() => {
    const unread = rows.findIndex((row) => row.isFirstUnread);
    if (unread >= 0) virtualizer.scrollToIndex(Math.max(0, unread - 1), { align: "start" });
    else virtualizer.scrollToEnd();
    const frame = requestAnimationFrame(() => {
      endOpening();
      setOpen(true);
    });
    return () => cancelAnimationFrame(frame);
    // Once: afterwards the place is the reader's.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [virtualizer, endOpening]);
  return isOpen;
}

/** Asks for the pages beside the window before its edge is reached. */
function useEdgePages({ first, last }: RowSpan, isOpen: boolean, { rows, pages }: FeedScrollInput): void {
  const { load, older, newer } = pages;
  useEffect(() => {
    // Before the feed has opened it stands at its top, which is not where anyone reads.
    if (!isOpen || rows.length === 0) return;
    if (first <= ROWS_AHEAD && older === "idle") void load("older");
    if (last >= rows.length - ROWS_AHEAD && newer === "idle") void load("newer");
  }, [isOpen, first, last, rows.length, older, newer, load]);
}

/** The way to the newest message, from a window in the past too: without a network it is taken when that is back. */
function useWayToNewest(virtualizer: Virtualizer, { isLive, pages: { loadNewest } }: FeedScrollInput) {
  const { stream } = useChat();
  const isOnline = useStore(stream.connection) === "online";
  const [endRequest, setEndRequest] = useState(0);
  const isOwed = useRef(false);
  useLayoutEffect(() => {
    if (endRequest > 0) virtualizer.scrollToEnd();
  }, [endRequest, virtualizer]);
  const goToNewest = useCallback(async () => {
    const scroll = (): void => setEndRequest((count) => count + 1);
    // At once: what one has just written stands there already.
    scroll();
    if (isLive) return;
    isOwed.current = !(await loadNewest().then(
      () => true,
      () => false,
    ));
    scroll();
  }, [isLive, loadNewest]);
  useEffect(() => {
    if (isOnline && isOwed.current) void goToNewest();
  }, [isOnline, goToNewest]);
  return goToNewest;
}

/** The feed's scrolling: virtual rows, sticking to the end, pages at both edges, and the pill. */
export function useFeedScroll(input: FeedScrollInput) {
  const { rows, isLive, unreadCount, atEnd, heldKey } = input;
  const scrollerRef = useRef<Scroller>(null);
  const end = useEndWatch({ rows, isLive, atEnd }, scrollerRef);
  const virtualRows = useVirtualRows({ rows, scrollerRef, isHeldAtEnd: end.isStillThere, heldKey });
  const { virtualizer } = virtualRows;
  const isOpen = useOpeningPlace(virtualRows, rows);
  useEndHold(isOpen, end, virtualRows);
  const isAtEnd = useStore(atEnd);
  useEdgePages(virtualRows.span, isOpen, input);
  const goToNewest = useWayToNewest(virtualizer, input);
  const { look } = end;
  const scrollToIndex = useCallback(
    (index: number, onlyIfAway = false) => {
      virtualizer.scrollToIndex(index, { align: onlyIfAway ? "auto" : "center" });
      look();
    },
    [virtualizer, look],
  );
  // What is unread is what came since the end was last looked at.
  const pill = isAtEnd
    ? null
    : unreadCount > 0
      ? i18n.t("{count} new", { count: badgeText(unreadCount) })
      : i18n.t("Jump to newest");
  return {
    scrollerRef,
    items: virtualRows.items,
    span: virtualRows.span,
    totalSize: virtualizer.getTotalSize(),
    measure: virtualRows.measure,
    pill,
    goToNewest,
    scrollToIndex,
  };
}
