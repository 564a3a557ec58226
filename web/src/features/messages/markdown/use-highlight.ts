import { useEffect, useMemo } from "react";
import { createStore, useStore } from "../../../lib/store.js";
import type { CodePart } from "./code-part.js";

type Highlight = (language: string, code: string) => readonly CodePart[] | null;

/** The highlighter is large; it comes with the first block of code. */
const loaded = createStore<{ readonly highlight: Highlight } | null>(null);
let loading: Promise<void> | null = null;

function load(): void {
  loading ??= import("./highlight.js").then(
    (module) => loaded.set(module),
    // Plain code can be read too; the next block tries again.
    () => {
      loading = null;
    },
  );
}

/** Code in coloured parts, or as it is while the highlighter loads and where the language is unknown. */
export function useHighlight(language: string, code: string): readonly CodePart[] {
  const highlighter = useStore(loaded);
  const isNeeded = language !== "";
  useEffect(() => {
    if (isNeeded) load();
  }, [isNeeded]);
  return useMemo(
    () => (isNeeded ? highlighter?.highlight(language.toLowerCase(), code) : null) ?? [code],
    [isNeeded, highlighter, language, code],
  );
}
