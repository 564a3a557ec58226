import { useSyncExternalStore } from "react";

function subscribe(onChange: () => void): () => void {
  window.addEventListener("focus", onChange);
  window.addEventListener("blur", onChange);
  document.addEventListener("visibilitychange", onChange);
  return () => {
    window.removeEventListener("focus", onChange);
    window.removeEventListener("blur", onChange);
    document.removeEventListener("visibilitychange", onChange);
  };
}

/** Whether someone can be taken to look at this window now: it is visible and has the focus. */
export function isWindowActive(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** Whether someone can be taken to look at this window: it is visible and has the focus. */
export function useWindowActive(): boolean {
  return useSyncExternalStore(subscribe, isWindowActive);
}
