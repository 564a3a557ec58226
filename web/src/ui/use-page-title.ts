import { useEffect } from "react";
import { badgeText } from "./badge-text.js";

/** The page and what is unread come from different corners; the tab shows both. */
const shown: { title: string | null; mark: string } = { title: null, mark: "" };

function show(change: Partial<typeof shown>): void {
  Object.assign(shown, change);
  document.title = `${shown.mark}${shown.title ? `${shown.title} - Parley` : "Parley"}`;
}

/** Names the page in the tab: `Project Discussion - Parley`. */
export function usePageTitle(title: string | null): void {
  useEffect(() => show({ title }), [title]);
}

/** Marks the tab: `(3) ` for so many messages that want an answer, else a dot for anything unread. */
export function useTitleCount({ personal, hasOther }: { readonly personal: number; readonly hasOther: boolean }): void {
  useEffect(
    () => show({ mark: personal > 0 ? `(${badgeText(personal)}) ` : hasOther ? "• " : "" }),
    [personal, hasOther],
  );
  useEffect(() => () => show({ mark: "" }), []);
}
