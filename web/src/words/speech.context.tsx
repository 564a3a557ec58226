import { i18n } from "@lingui/core";
import { I18nProvider, useLingui } from "@lingui/react";
import { createContext, Fragment, use, type ReactNode } from "react";
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
 * and need not follow the language; what people wrote is kept beside the components.
 */
export function Spoken({ children }: { readonly children: ReactNode }) {
  const { i18n: spoken } = useLingui();
  return <Fragment key={spoken.locale}>{children}</Fragment>;
}
