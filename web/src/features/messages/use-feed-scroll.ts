import { i18n } from "@lingui/core";
import { useVirtualizer, type VirtualItem, type Virtualizer as Virtual } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { badgeText } from "../../ui/badge-text.js";
import { useStore, type Store } from "../../lib/store.js";
import { useChat } from "../session/chat.context.js";
import type { FeedMessage } from "./message-edge.graphql.js";
import { estimateHeight } from "./row-height.js";
import type { TimelineRow } from "./timeline.js";
import type { Pages } from "./use-pages.js";

/** Closer to the end than this counts as being there: new messages scroll along. */
export const STICKY_PX = 40;
/** A page is asked for when this few rows are left before the window's edge. */
const ROWS_AHEAD = 12;

interface FeedScrollInput {
  readonly rows: readonly TimelineRow<FeedMessage>[];
  /** Whether the window reaches the newest message. */
  readonly isLive: boolean;
  readonly unreadCount: number;
  readonly pages: Pages;
  /** Whether the newest message is in view; kept up to date here. */
  readonly atEnd: Store<boolean>;
}

type FeedVirtualizer = Virtual<HTMLDivElement, HTMLDivElement>;

/**
 * Tells the virtualizer where the reader is. It knows that from the last scroll event, and holds the line under the eye from
 * there: whoever has scrolled since, in the same frame, would be thrown back.
 */
function tellPlace(virtualizer: FeedVirtualizer): void {
  const { scrollElement } = virtualizer;
  if (scrollElement && virtualizer.scrollOffset !== null) virtualizer.scrollOffset = scrollElement.scrollTop;
}

/** Whether the line under the eye, in the middle, has to be held when this row becomes higher or lower. */
function isAboveTheEye(item: VirtualItem, virtualizer: FeedVirtualizer): boolean {
  const top = virtualizer.scrollOffset ?? 0;
  const middle = top + (virtualizer.scrollRect?.height ?? 0) / 2;
  // Of a row that is measured for the first time the end was only guessed.
  if (!virtualizer.itemSizeCache.has(item.key)) return item.start < middle;
  return item.start < top || item.end <= middle;
}

/**
 * Measures a row as soon as it is there. The virtualizer puts that off while one scrolls; then the rows of a page that has
 * come would be measured after the next scroll, when some of them are below the eye already.
 */
function measureNow(virtualizer: FeedVirtualizer, node: HTMLDivElement | null): void {
  const { isScrolling } = virtualizer;
  virtualizer.isScrolling = false;
  virtualizer.measureElement(node);
  virtualizer.isScrolling = isScrolling;
}

function useVirtualRows(rows: FeedScrollInput["rows"], isLive: boolean) {
  const scrollerRef = useRef<HTMLDivElement>(null);
  const known = useRef<{ virtualizer: FeedVirtualizer; rows: typeof rows } | null>(null);
  // Between the change of rows and the scroll that answers it only the virtualizer knows where the reader will be.
  const isPlaceDue = useRef(false);
  if (known.current && known.current.rows !== rows) {
    tellPlace(known.current.virtualizer);
    isPlaceDue.current = true;
  }
  // oxlint-disable-next-line react/incompatible-library -- it keeps its state in itself; nothing here is memoised by a compiler
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => scrollerRef.current,
    estimateSize: (index) => estimateHeight(rows[index], scrollerRef.current?.clientWidth ?? Infinity),
    getItemKey: (index) => rows[index]?.key ?? index,
    anchorTo: "end",
    // A window in the past has an end that is not the newest message: pages there must not pull along.
    followOnAppend: isLive,
    scrollEndThreshold: STICKY_PX,
    // A screen of the lowest rows: they are measured before they come into view, also when one scrolls fast.
    overscan: 20,
    paddingStart: 8,
    paddingEnd: 8,
  });
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (item) => {
    if (!isPlaceDue.current) tellPlace(virtualizer);
    return isAboveTheEye(item, virtualizer);
  };
  known.current = { virtualizer, rows };
  // After the virtualizer's own effect, which scrolls.
  useLayoutEffect(() => {
    isPlaceDue.current = false;
  });
  const measure = useCallback((node: HTMLDivElement | null) => measureNow(virtualizer, node), [virtualizer]);
  return { scrollerRef, virtualizer, measure };
}

type VirtualRows = ReturnType<typeof useVirtualRows>;
type Virtualizer = VirtualRows["virtualizer"];

/** Opens at the unread divider, with a little before it, else at the end; answers whether it is there. */
function useOpeningPlace(virtualizer: Virtualizer, rows: FeedScrollInput["rows"]): boolean {
  const [isOpen, setOpen] = useState(false);
  useLayoutEffect(() => {
    const unread = rows.findIndex((row) => row.isFirstUnread);
    if (unread >= 0) virtualizer.scrollToIndex(Math.max(0, unread - 1), { align: "start" });
    else virtualizer.scrollToEnd();
    const frame = requestAnimationFrame(() => setOpen(true));
    return () => cancelAnimationFrame(frame);
    // Once: afterwards the place is the reader's.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [virtualizer]);
  return isOpen;
}

/** Whether the end is in view, asked after every scroll and every change of rows. */
function useEndWatch({ rows, isLive, atEnd }: FeedScrollInput, { virtualizer, scrollerRef }: VirtualRows): void {
  useEffect(() => {
    const scroller = scrollerRef.current;
    const check = (): void => atEnd.set(isLive && virtualizer.isAtEnd(STICKY_PX));
    scroller?.addEventListener("scroll", check, { passive: true });
    const frame = requestAnimationFrame(check);
    return () => {
      scroller?.removeEventListener("scroll", check);
      cancelAnimationFrame(frame);
    };
  }, [virtualizer, scrollerRef, isLive, atEnd, rows.length]);
}

/**
 * Whoever is at the end stays there when the feed becomes lower (a banner above it, a taller composer below) or what is
 * in it higher: the virtualizer follows rows that are appended, and nothing else.
 */
function useEndHold(isHeld: boolean, atEnd: Store<boolean>, { virtualizer, scrollerRef }: VirtualRows): void {
  useEffect(() => {
    const scroller = scrollerRef.current;
    const sizer = scroller?.lastElementChild;
    if (!isHeld || !scroller || !sizer) return;
    // As it was seen last, before the change: a page that was prepended moves the end and the reader alike.
    const observer = new ResizeObserver(() => void (atEnd.get() && virtualizer.scrollToEnd()));
    observer.observe(scroller);
    observer.observe(sizer);
    return () => observer.disconnect();
  }, [isHeld, atEnd, virtualizer, scrollerRef]);
}

/** Asks for the pages beside the window before its edge is reached. */
function useEdgePages(virtualizer: Virtualizer, isOpen: boolean, { rows, pages }: FeedScrollInput): void {
  const items = virtualizer.getVirtualItems();
  const firstIndex = items[0]?.index ?? 0;
  const lastIndex = items.at(-1)?.index ?? 0;
  const { load, older, newer } = pages;
  useEffect(() => {
    // Before the feed has opened it stands at its top, which is not where anyone reads.
    if (!isOpen || rows.length === 0) return;
    if (firstIndex <= ROWS_AHEAD && older === "idle") void load("older");
    if (lastIndex >= rows.length - ROWS_AHEAD && newer === "idle") void load("newer");
  }, [isOpen, firstIndex, lastIndex, rows.length, older, newer, load]);
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
  const { rows, isLive, unreadCount, atEnd } = input;
  const virtualRows = useVirtualRows(rows, isLive);
  const { scrollerRef, virtualizer } = virtualRows;
  const isOpen = useOpeningPlace(virtualizer, rows);
  useEndWatch(input, virtualRows);
  // A window in the past has an end that is not the newest message.
  useEndHold(isOpen && isLive, atEnd, virtualRows);
  const isAtEnd = useStore(atEnd);
  useEdgePages(virtualizer, isOpen, input);
  const goToNewest = useWayToNewest(virtualizer, input);
  const scrollToIndex = useCallback(
    (index: number, onlyIfAway = false) => virtualizer.scrollToIndex(index, { align: onlyIfAway ? "auto" : "center" }),
    [virtualizer],
  );
  // What is unread is what came since the end was last looked at.
  const pill = isAtEnd
    ? null
    : unreadCount > 0
      ? i18n.t("{count} new", { count: badgeText(unreadCount) })
      : i18n.t("Jump to newest");
  return {
    scrollerRef,
    items: virtualizer.getVirtualItems(),
    totalSize: virtualizer.getTotalSize(),
    measure: virtualRows.measure,
    pill,
    goToNewest,
    scrollToIndex,
  };
}
