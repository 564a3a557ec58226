import { useLayoutEffect, useRef } from "react";
import { useLocation } from "react-router";

/** Where each entry of the history was scrolled to, for as long as the page lives. */
const places = new Map<string, number>();

/** Brings back a list to where it was when one comes back to it. `isReady` says that the list is there. */
export function useScrollMemory(isReady: boolean) {
  const { key } = useLocation();
  const scroller = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!isReady || !element) return;
    element.scrollTop = places.get(key) ?? element.scrollTop;
    const note = (): void => void places.set(key, element.scrollTop);
    element.addEventListener("scroll", note, { passive: true });
    return () => element.removeEventListener("scroll", note);
  }, [key, isReady]);
  return scroller;
}
