import {
  defaultRangeExtractor,
  useVirtualizer,
  type Range,
  type VirtualItem,
  type Virtualizer as Virtual,
} from "@tanstack/react-virtual";
import { useCallback, useLayoutEffect, useMemo, useRef, type RefObject } from "react";
import type { FeedMessage } from "./message-edge.graphql.js";
import { estimateHeight } from "./row-height.js";
import type { TimelineRow } from "./timeline.js";

/** A screen of the lowest rows: they are measured before they come into view, also when one scrolls fast. */
const ROWS_BEYOND_VIEW = 20;

/** Closer to the end than this counts as being there: new messages scroll along. */
export const STICKY_PX = 40;

export type Rows = readonly TimelineRow<FeedMessage>[];
export type Scroller = HTMLDivElement;
type FeedVirtualizer = Virtual<Scroller, HTMLDivElement>;

/**
 * Tells the virtualizer where the reader is. It knows that from the last scroll event, and holds the line under the eye from
 * there: whoever has scrolled since, in the same frame, would be thrown back.
 */
function tellPlace(virtualizer: FeedVirtualizer): void {
  const { scrollElement } = virtualizer;
  if (scrollElement && virtualizer.scrollOffset !== null) virtualizer.scrollOffset = scrollElement.scrollTop;
}

/**
 * Tells the virtualizer that the reader will be at the end of the rows as they are now. What a scroll of its own has not
 * reported yet it takes for the reader's place, and would draw the rows there: those at the end would go, and come again
 * without the focus and the menus that were in them.
 */
function tellEnd(virtualizer: FeedVirtualizer): void {
  const { scrollRect } = virtualizer;
  if (scrollRect) virtualizer.scrollOffset = Math.max(0, virtualizer.getTotalSize() - scrollRect.height);
}

/** Whether the line under the eye, in the middle, has to be held when this row becomes higher or lower. */
function isAboveTheEye(item: VirtualItem, virtualizer: FeedVirtualizer, isOpening: boolean): boolean {
  const top = virtualizer.scrollOffset ?? 0;
  // Where a feed opens is at the top, and no line has an eye on it yet.
  if (isOpening) return item.start < top;
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

const LAYOUT = {
  anchorTo: "end",
  scrollEndThreshold: STICKY_PX,
  overscan: ROWS_BEYOND_VIEW,
  paddingStart: 8,
  paddingEnd: 8,
} as const;

interface VirtualRowsInput {
  readonly rows: Rows;
  readonly scrollerRef: RefObject<Scroller | null>;
  /** Whether the reader is at the newest message and is to stay there. */
  readonly isHeldAtEnd: () => boolean;
  /** The row that stays wherever one scrolls; null for none. */
  readonly heldKey: string | null;
}

/** Rows from one place among all to another. */
export interface RowSpan {
  readonly first: number;
  readonly last: number;
}

/** These places, and those of a row and of its neighbours, ascending: from a row that is held one can move on. */
export function withHeld(places: readonly number[], held: number, count: number): number[] {
  const around = held < 0 ? [] : [held - 1, held, held + 1].filter((place) => place >= 0 && place < count);
  return [...new Set([...places, ...around])].sort((a, b) => a - b);
}

function useHeldRange(rows: Rows, heldKey: string | null): (range: Range) => number[] {
  const held = useMemo(() => (heldKey === null ? -1 : rows.findIndex(({ key }) => key === heldKey)), [rows, heldKey]);
  return useCallback((range) => withHeld(defaultRangeExtractor(range), held, range.count), [held]);
}

function viewOf({ range }: FeedVirtualizer): RowSpan {
  return range ? { first: range.startIndex, last: range.endIndex } : { first: 0, last: 0 };
}

function spanOf({ first, last }: RowSpan, count: number): RowSpan {
  return { first: Math.max(0, first - ROWS_BEYOND_VIEW), last: Math.min(count - 1, last + ROWS_BEYOND_VIEW) };
}

/**
 * The rows in view and those beside them, each measured as soon as it is there. When some are added at either end, the
 * line under the eye does not move, or whoever is at the newest message stays there.
 */
export function useVirtualRows({ rows, scrollerRef, isHeldAtEnd, heldKey }: VirtualRowsInput) {
  const known = useRef<{ virtualizer: FeedVirtualizer; rows: Rows } | null>(null);
  // Between the change of rows and the scroll that answers it only the virtualizer knows where the reader will be.
  const isPlaceDue = useRef(false);
  const isEndDue = useRef(false);
  const isOpening = useRef(true);
  const endOpening = useCallback(() => void (isOpening.current = false), []);
  if (known.current && known.current.rows !== rows) {
    tellPlace(known.current.virtualizer);
    isPlaceDue.current = true;
    // Now, while the page is as the reader sees it.
    isEndDue.current = isHeldAtEnd();
  }
  // oxlint-disable-next-line react/incompatible-library -- it keeps its state in itself; nothing here is memoised by a compiler
  const virtualizer = useVirtualizer<Scroller, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => scrollerRef.current,
    estimateSize: (index) => estimateHeight(rows[index], scrollerRef.current?.clientWidth ?? Infinity),
    getItemKey: (index) => rows[index]?.key ?? index,
    rangeExtractor: useHeldRange(rows, heldKey),
    ...LAYOUT,
  });
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (item) => {
    if (!isPlaceDue.current) tellPlace(virtualizer);
    return isAboveTheEye(item, virtualizer, isOpening.current);
  };
  if (isEndDue.current) tellEnd(virtualizer);
  known.current = { virtualizer, rows };
  // After the virtualizer's own effect, which scrolls: what it owes of an earlier scroll leads to where the end was then.
  useLayoutEffect(() => {
    isPlaceDue.current = false;
    if (isEndDue.current) virtualizer.scrollToEnd();
    isEndDue.current = false;
  });
  const measure = useCallback((node: HTMLDivElement | null) => measureNow(virtualizer, node), [virtualizer]);
  // Items first: the virtualizer finds its range as it is asked for them.
  const items = virtualizer.getVirtualItems();
  // `span`: those in view and those beside them, and not one that is there because it is held.
  return { scrollerRef, virtualizer, endOpening, measure, items, span: spanOf(viewOf(virtualizer), rows.length) };
}

export type VirtualRows = ReturnType<typeof useVirtualRows>;
