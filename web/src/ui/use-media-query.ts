import { useCallback, useMemo, useSyncExternalStore } from "react";

/** Whether a media query holds now. */
export function useMediaQuery(query: string): boolean {
  const list = useMemo(() => window.matchMedia(query), [query]);
  const subscribe = useCallback(
    (onChange: () => void) => {
      list.addEventListener("change", onChange);
      return () => list.removeEventListener("change", onChange);
    },
    [list],
  );
  return useSyncExternalStore(subscribe, () => list.matches);
}

/** One pane at a time. */
export const NARROW = "(max-width: 639.98px)";
/** Room for the right panel beside the feed. */
export const WIDE = "(min-width: 1024px)";
/** One wants less to move. */
export const REDUCED_MOTION = "(prefers-reduced-motion: reduce)";
