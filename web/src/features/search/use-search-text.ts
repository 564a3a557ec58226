import { useCallback, useEffect, useState } from "react";
import { useLocation, useNavigationType, useSearchParams } from "react-router";
import { keptState } from "../../ui/location-state.js";

/** Who pauses this long has typed a word. */
export const SEARCH_AFTER_MS = 250;

/**
 * What stands in a search field, and what is searched for: the `q` of the address, which follows the field after a pause
 * or at once by `commit`.
 */
export function useSearchText() {
  const [params, setParams] = useSearchParams();
  const navigationType = useNavigationType();
  const { state }: { readonly state: unknown } = useLocation();
  const query = params.get("q") ?? "";
  const [text, setText] = useState(query);
  const [seen, setSeen] = useState(query);
  if (query !== seen) {
    setSeen(query);
    // Our own changes replace; any other way to an address, back or by a link, is a search of its own.
    if (navigationType !== "REPLACE") setText(query);
  }
  const commit = useCallback(
    (next: string) =>
      setParams(
        (known) => {
          const changed = new URLSearchParams(known);
          if (next.trim() === "") changed.delete("q");
          else changed.set("q", next.trim());
          return changed;
        },
        { replace: true, state: keptState(state) },
      ),
    [setParams, state],
  );
  useEffect(() => {
    if (text.trim() === query) return;
    const timer = setTimeout(() => commit(text), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text, query, commit]);
  return { text, setText, query, commit };
}
