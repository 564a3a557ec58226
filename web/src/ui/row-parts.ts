import { createContext, use, type KeyboardEvent } from "react";
import { feedCommandOf } from "./keys.js";

/** Whether what is drawn stands in a row of the feed. */
export const InRow = createContext(false);

/**
 * The `tabIndex` of a link or a button that may stand in a row of the feed. All of the feed is one stop of Tab: there
 * arrows lead to what is in a row, elsewhere Tab does.
 */
export function usePartTabIndex(): number | undefined {
  return use(InRow) ? -1 : undefined;
}

/** What a row has inside to come to. An editor in it has keys of its own. */
const PARTS = ":is(a[href], button:not(:disabled), pre[tabindex]):not(.editor *)";

/** Whether an arrow still has something to scroll sideways. */
function canScroll({ scrollLeft, scrollWidth, clientWidth, tagName }: HTMLElement, step: 1 | -1): boolean {
  if (tagName !== "PRE") return false;
  return step > 0 ? scrollLeft + clientWidth < scrollWidth - 1 : scrollLeft > 0;
}

/** Whether a part stands below the fold of a long message: it would take the focus, and nobody would see it. */
function isFoldedAway(part: HTMLElement): boolean {
  const fold = part.closest("[data-folded]")?.getBoundingClientRect();
  return fold !== undefined && part.getBoundingClientRect().bottom > fold.bottom + 1;
}

function moveAmong(row: HTMLElement, from: HTMLElement, step: 1 | -1): boolean {
  if (canScroll(from, step)) return false;
  const stops = [row, ...row.querySelectorAll<HTMLElement>(PARTS)];
  const at = stops.indexOf(from);
  if (at < 0) return false;
  const ahead = step > 0 ? stops.slice(at + 1) : stops.slice(0, at).toReversed();
  return ahead.some((part) => {
    if (isFoldedAway(part)) return false;
    part.focus();
    // What is hidden takes no focus.
    return document.activeElement === part;
  });
}

/** Left and Right lead from a message into what is in it and back out; Up and Down back to the message. */
export function moveAmongParts(event: KeyboardEvent<HTMLElement>): void {
  const { target, currentTarget } = event;
  if (event.defaultPrevented || !(target instanceof HTMLElement) || !currentTarget.contains(target)) return;
  const row = target.closest("article");
  if (!row || target.closest(".editor")) return;
  const command = feedCommandOf(event);
  if (command === "nextPart" || command === "previousPart") {
    if (moveAmong(row, target, command === "nextPart" ? 1 : -1)) event.preventDefault();
  } else if ((command === "nextMessage" || command === "previousMessage") && target !== row) {
    row.focus();
    event.preventDefault();
  }
}
