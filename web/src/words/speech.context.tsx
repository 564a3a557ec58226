import { i18n } from "@lingui/core";
import { I18nProvider, useLingui } from "@lingui/react";
import { createContext, Fragment, use, useEffect, useRef, type ReactNode } from "react";
import { focusInside } from "../ui/focus-inside.js";
import type { Speech } from "./words.js";

const SpeechContext = createContext<Speech | null>(null);

/** Gives everything below the language, and the way to change it. */
export function SpeechProvider({ speech, children }: { readonly speech: Speech; readonly children: ReactNode }) {
  return (
    <SpeechContext value={speech}>
      <I18nProvider i18n={i18n}>{children}</I18nProvider>
    </SpeechContext>
  );
}

/** The choice of the language, for what shows and changes it. */
export function useSpeech(): Speech {
  const speech = use(SpeechContext);
  if (!speech) throw new Error("No SpeechProvider above");
  return speech;
}

/**
 * Draws what is in it afresh when the language changes. So anyone may ask `i18n.t` for words, in components and outside,
 * and need not follow the language; what people wrote is kept beside the components. The focus goes to where the language
 * was chosen (`data-language-home`).
 */
export function Spoken({ children }: { readonly children: ReactNode }) {
  const { i18n: spoken } = useLingui();
  const drawn = useRef(spoken.locale);
  useEffect(() => {
    if (drawn.current === spoken.locale) return;
    drawn.current = spoken.locale;
    if (document.activeElement === document.body) focusInside(document.querySelector("[data-language-home]"));
  }, [spoken.locale]);
  return <Fragment key={spoken.locale}>{children}</Fragment>;
}
