import { useSyncExternalStore } from "react";

/** Whether a media query holds now. */
export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", onChange);
      return () => list.removeEventListener("change", onChange);
    },
    () => window.matchMedia(query).matches,
  );
}

/** One pane at a time. */
export const NARROW = "(max-width: 639.98px)";
/** Room for the right panel beside the feed. */
export const WIDE = "(min-width: 1024px)";
