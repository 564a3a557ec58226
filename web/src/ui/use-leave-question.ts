import { useEffect } from "react";
import { createStore } from "../lib/store.js";

/** How many have something that would be lost with the page. */
export const losses = createStore(0);

/** Lets the browser ask before the page is left, as long as something would be lost with it. */
export function useLeaveQuestion(isAsked: boolean): void {
  useEffect(() => {
    if (!isAsked) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    losses.set(losses.get() + 1);
    return () => {
      window.removeEventListener("beforeunload", ask);
      losses.set(losses.get() - 1);
    };
  }, [isAsked]);
}
