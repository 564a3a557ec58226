import { useEffect } from "react";

/** Names the page in the tab: `(3) Project Discussion - Parley`. */
export function usePageTitle(title: string | null, unread = 0): void {
  useEffect(() => {
    const name = title ? `${title} - Parley` : "Parley";
    document.title = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ${name}` : name;
  }, [title, unread]);
}
