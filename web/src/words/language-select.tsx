import { i18n } from "@lingui/core";
import { Segmented } from "antd";
import { useStore } from "../lib/store.js";
import { useSpeech } from "./speech.context.js";
import { LANGUAGES, type Language, type LanguageChoice } from "./words.js";

interface LanguageSelectProps {
  readonly labelledBy?: string;
}

/** The languages by their own names, so that one finds one's own among words that one can't read. */
export function LanguageSelect({ labelledBy }: LanguageSelectProps) {
  const { choice } = useSpeech();
  const named: readonly Language[] = ["en", "de"];
  const options = [
    { value: "system" as const, label: i18n.t("System") },
    ...named.map((language) => ({
      value: language,
      label: <span lang={language}>{LANGUAGES[language]}</span>,
    })),
  ];
  return (
    <Segmented<LanguageChoice>
      block
      name="language"
      {...(labelledBy ? { "aria-labelledby": labelledBy } : { "aria-label": i18n.t("Language") })}
      options={options}
      value={useStore(choice)}
      onChange={choice.set}
    />
  );
}
