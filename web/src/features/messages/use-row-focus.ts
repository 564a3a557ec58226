import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
} from "react";
import { feedCommandOf, type FeedCommand } from "../../ui/keys.js";
import { focusIfNone } from "../../ui/regions.js";
import { runCommand } from "../../ui/use-keys.js";
import type { TimelineRow, TimelineMessage } from "./timeline.js";
import type { RowSpan, Scroller } from "./use-virtual-rows.js";

type Rows = readonly TimelineRow<TimelineMessage>[];

/** The row that the focus is in, or was in before a menu or a dialog that is open over the page. */
export interface HeldRow {
  readonly heldKey: string | null;
  readonly hold: (key: string) => void;
}

/** Which row is to stay wherever one scrolls: until the focus is in another part of the page. */
export function useHeldRow(): HeldRow {
  const [heldKey, setHeldKey] = useState<string | null>(null);
  useEffect(() => {
    const hear = ({ target }: Event): void => {
      const region = target instanceof Element ? target.closest("[data-region]") : null;
      if (region !== null && !region.matches("[role=log]")) setHeldKey(null);
    };
    document.addEventListener("focusin", hear);
    return () => document.removeEventListener("focusin", hear);
  }, []);
  return { heldKey, hold: setHeldKey };
}

interface RowFocusInput {
  readonly rows: Rows;
  /** The rows in view and those beside them. */
  readonly span: RowSpan;
  readonly scrollerRef: RefObject<Scroller | null>;
  readonly held: HeldRow;
}

function articleBeside(item: Element | null, command: FeedCommand): HTMLElement | null {
  const next = command === "previousMessage" ? item?.previousElementSibling : item?.nextElementSibling;
  return next?.querySelector("article") ?? null;
}

/** Up and Down, or k and j, move from message to message; from the feed itself, to the one that Tab would stop at. */
function moveFrom(target: HTMLElement, feed: HTMLElement, command: FeedCommand): boolean {
  if (command !== "previousMessage" && command !== "nextMessage") return false;
  const article =
    target === feed
      ? feed.querySelector<HTMLElement>("article[tabindex='0']")
      : target.tagName === "ARTICLE"
        ? articleBeside(target.closest(".feed-item"), command)
        : null;
  article?.focus();
  return article !== null;
}

/**
 * The one row that Tab stops at: where the focus was last; where that is out of reach, the newest message; where that is,
 * too, one in the middle of those that are there.
 */
function findStop({ rows, span, held }: RowFocusInput, lastKey: string | null): string | null {
  const near = rows.slice(span.first, span.last + 1).map(({ key }) => key);
  const isThere = lastKey !== null && (near.includes(lastKey) || (lastKey === held.heldKey && hasRow(rows, lastKey)));
  if (isThere) return lastKey;
  const newest = rows.at(-1)?.key;
  if (newest !== undefined && near.includes(newest)) return newest;
  return near[Math.floor(near.length / 2)] ?? null;
}

function hasRow(rows: Rows, key: string | null): boolean {
  return rows.some((row) => row.key === key);
}

/** A row that has the focus may go: its message was deleted, or the window has let go of it. The keys stay the feed's. */
function useFocusOfGone({ rows, scrollerRef, held: { heldKey } }: RowFocusInput): void {
  const isGone = heldKey !== null && !hasRow(rows, heldKey);
  useLayoutEffect(() => {
    if (isGone) focusIfNone(scrollerRef.current);
  }, [isGone, scrollerRef]);
}

/** Whoever has scrolled away from the message that has the focus comes back to it by a key. */
function comeBack(article: Element | null, feed: Element): void {
  const [row, view] = [article?.getBoundingClientRect(), feed.getBoundingClientRect()];
  if (row && (row.bottom <= view.top || row.top >= view.bottom)) article?.scrollIntoView({ block: "nearest" });
}

/** How the focus moves among the messages, and which of them Tab enters the feed at. */
export function useRowFocus(input: RowFocusInput) {
  const { rows, held } = input;
  const [lastKey, setLastKey] = useState<string | null>(null);
  useFocusOfGone(input);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const { target, currentTarget: feed } = event;
    if (!(target instanceof HTMLElement) || !feed.contains(target) || target.closest("input, textarea")) return;
    const command = feedCommandOf(event);
    if (command === null) return;
    comeBack(target.closest("article"), feed);
    if (event.defaultPrevented) return;
    const isDone = command === "listKeysHere" ? runCommand("listKeys") : moveFrom(target, feed, command);
    if (isDone) event.preventDefault();
  };
  const { hold } = held;
  const onFocus = useCallback(
    ({ target }: FocusEvent<HTMLElement>): void => {
      // What is open over the page is drawn elsewhere, though its events come by: its row is held already.
      const item = target.closest<HTMLElement>(".feed-item");
      const key = item ? rows[Number(item.dataset["index"])]?.key : undefined;
      if (key === undefined) return;
      hold(key);
      // What is in a row comes after it: were its row the stop, Tab would never come to one.
      if (target.tagName === "ARTICLE") setLastKey(key);
    },
    [rows, hold],
  );
  return { onKeyDown, onFocus, tabStopKey: findStop(input, lastKey) };
}
