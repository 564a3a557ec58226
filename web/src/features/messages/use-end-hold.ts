import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import type { Store } from "../../lib/store.js";
import { STICKY_PX, type Rows, type Scroller, type VirtualRows } from "./use-virtual-rows.js";

interface EndWatchInput {
  readonly rows: Rows;
  /** Whether the window reaches the newest message: the end of one in the past is not the feed's. */
  readonly isLive: boolean;
  /** Whether the newest message is in view; kept up to date here. */
  readonly atEnd: Store<boolean>;
}

interface EndWatch {
  /** Whether the reader is at the end still: whoever has gone up since it was seen, in the same frame, is not. */
  readonly isStillThere: () => boolean;
  /** Looks afresh, after a scroll of the client's own: that may lead away from the end downwards too. */
  readonly look: () => void;
  /** Takes note of a feed that has another size: led to the end by that, or left where the reader is. */
  readonly noteSize: (isLed: boolean) => void;
}

function isEndInView({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight <= STICKY_PX;
}

/** Where the feed was when it was looked at last, and the width for which the end was found last. */
interface Seen {
  readonly top: number;
  readonly width: number;
}

const NOTHING_SEEN: Seen = { top: 0, width: 0 };

function see(scroller: Scroller | null): Seen {
  return scroller ? { top: scroller.scrollTop, width: scroller.clientWidth } : NOTHING_SEEN;
}

/** Whether the reader has gone up. In a feed of another width all rows have other heights, and that moves it up and down. */
function hasGoneUp(scroller: Scroller, seen: Seen): boolean {
  return scroller.scrollTop < seen.top && scroller.clientWidth === seen.width;
}

/**
 * Follows whether the end is in view. Only who goes up leaves it: where the end has moved away from a reader, because
 * what is in the feed became higher or a scroll was cut short, they are owed it and get it before the next paint.
 */
export function useEndWatch({ rows, isLive, atEnd }: EndWatchInput, scrollerRef: RefObject<Scroller | null>): EndWatch {
  const seen = useRef(NOTHING_SEEN);
  useLayoutEffect(() => {
    // When the rows of the opening have been measured: what the browser takes back by that is no scroll of the reader's.
    queueMicrotask(() => (seen.current = see(scrollerRef.current)));
  }, [scrollerRef]);
  useEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    const check = (): void => {
      if (!isLive) atEnd.set(false);
      else if (isEndInView(scroller)) atEnd.set(true);
      else if (hasGoneUp(scroller, seen.current)) atEnd.set(false);
      seen.current = { ...seen.current, top: scroller.scrollTop };
    };
    scroller.addEventListener("scroll", check, { passive: true });
    const frame = requestAnimationFrame(check);
    return () => {
      scroller.removeEventListener("scroll", check);
      cancelAnimationFrame(frame);
    };
  }, [scrollerRef, isLive, atEnd, rows.length]);
  const isStillThere = useCallback(() => {
    const scroller = scrollerRef.current;
    if (!scroller || !isLive || !atEnd.get()) return false;
    return !hasGoneUp(scroller, seen.current) || isEndInView(scroller);
  }, [scrollerRef, isLive, atEnd]);
  const look = useCallback(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    atEnd.set(isLive && isEndInView(scroller));
    seen.current = see(scroller);
  }, [scrollerRef, isLive, atEnd]);
  const noteSize = useCallback(
    (isLed: boolean) => {
      const now = see(scrollerRef.current);
      // What the reader has scrolled in this frame is told by the scroll event.
      seen.current = isLed ? now : { ...seen.current, width: now.width };
    },
    [scrollerRef],
  );
  return { isStillThere, look, noteSize };
}

/**
 * Whoever is at the end stays there when the feed becomes lower (a banner above it, a taller composer below) or of
 * another width, or what is in it higher.
 *
 * @param isOpen whether the feed has opened: before that its opening place is on its way
 */
export function useEndHold(
  isOpen: boolean,
  { isStillThere, noteSize }: EndWatch,
  { virtualizer, scrollerRef }: VirtualRows,
): void {
  useEffect(() => {
    const scroller = scrollerRef.current;
    const sizer = scroller?.lastElementChild;
    if (!isOpen || !scroller || !sizer) return;
    const observer = new ResizeObserver(() => {
      const isLed = isStillThere();
      if (isLed) virtualizer.scrollToEnd();
      noteSize(isLed);
    });
    observer.observe(scroller);
    observer.observe(sizer);
    return () => observer.disconnect();
  }, [isOpen, isStillThere, noteSize, virtualizer, scrollerRef]);
}
