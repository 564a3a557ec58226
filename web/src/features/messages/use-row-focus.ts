import type { KeyboardEvent } from "react";
import { feedCommandOf } from "../../ui/keys.js";
import type { TimelineRow, TimelineMessage } from "./timeline.js";

/** Up and Down, or k and j, move from message to message; Tab enters the feed at the newest one. */
export function useRowFocus(rows: readonly TimelineRow<TimelineMessage>[]) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const command = feedCommandOf(event);
    if (command !== "previousMessage" && command !== "nextMessage") return;
    if (!(event.target instanceof HTMLElement) || event.target.tagName !== "ARTICLE") return;
    const item = event.target.closest(".feed-item");
    const next = command === "previousMessage" ? item?.previousElementSibling : item?.nextElementSibling;
    const article = next?.querySelector("article");
    if (!(article instanceof HTMLElement)) return;
    event.preventDefault();
    article.focus();
  };
  return { onKeyDown, tabStopKey: rows.at(-1)?.key ?? null };
}
