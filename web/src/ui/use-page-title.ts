import { useEffect } from "react";
import { badgeText } from "./badge-text.js";

/** Names the page in the tab: `(3) Project Discussion - Parley`. */
export function usePageTitle(title: string | null, unread = 0): void {
  useEffect(() => {
    const name = title ? `${title} - Parley` : "Parley";
    document.title = unread > 0 ? `(${badgeText(unread)}) ${name}` : name;
  }, [title, unread]);
}
