import { i18n, type Messages } from "@lingui/core";
import type { ConfigProviderProps } from "antd";
import { createKeptChoice } from "../lib/kept-choice.js";
import { createStore, type Store } from "../lib/store.js";
import english from "./en.json" with { type: "json" };

/** The languages of the client, by their own names. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;

export type Language = keyof typeof LANGUAGES;
export type LanguageChoice = Language | "system";

/** All words of a language: ours, and those of Ant Design. */
export interface Words {
  readonly messages: Messages;
  /** Undefined where Ant Design's own words will do. */
  readonly antd: ConfigProviderProps["locale"];
}

/** A compiled catalogue, as the build writes it. */
export function parseCatalogue(json: { readonly messages: object }): Messages {
  return json.messages as Messages;
}

const ENGLISH: Messages = parseCatalogue(english);

export type Loaders = Readonly<Record<Language, () => Words | Promise<Words>>>;

/** English is there at once, and whenever another language can't be loaded. */
const LOADERS: Loaders = {
  en: () => ({ messages: ENGLISH, antd: undefined }),
  de: async () => (await import("./german.js")).german,
};

function isLanguage(value: string | null): value is Language {
  return value !== null && value in LANGUAGES;
}

function parseChoice(value: string | null): LanguageChoice {
  return isLanguage(value) ? value : "system";
}

/** The first language that somebody reads and the client has, else English. */
export function languageFor(choice: LanguageChoice, wanted: readonly string[]): Language {
  if (choice !== "system") return choice;
  return wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "").find(isLanguage) ?? "en";
}

/** Which language the client speaks, as its user chose it: the same in all tabs and at the next visit. */
export interface Speech {
  readonly choice: Store<LanguageChoice>;
  readonly antd: Store<ConfigProviderProps["locale"]>;
  /** Resolves once the client speaks the language of the choice, or English because that can't be had now. */
  readonly ready: Promise<void>;
}

/** Speaks the language that was chosen, and from then on the one that will be. */
export function createSpeech(storage: Storage, loaders: Loaders = LOADERS): Speech {
  const choice = createKeptChoice<LanguageChoice>(storage, { key: "parley.language", parse: parseChoice });
  const antd = createStore<ConfigProviderProps["locale"]>(undefined);
  const speak = async (): Promise<void> => {
    const language = languageFor(choice.get(), navigator.languages);
    const words = await loaders[language]();
    // Another one may have been chosen meanwhile.
    if (language !== languageFor(choice.get(), navigator.languages)) return;
    document.documentElement.lang = language;
    antd.set(words.antd);
    i18n.loadAndActivate({ locale: language, messages: words.messages });
  };
  const speakIfPossible = (): Promise<void> => speak().catch(() => undefined);
  // What the build leaves out of a catalogue is its own id.
  i18n.setMessagesCompiler((message) => [message]);
  i18n.loadAndActivate({ locale: "en", messages: ENGLISH });
  choice.subscribe(() => void speakIfPossible());
  window.addEventListener("languagechange", () => void speakIfPossible());
  return { choice, antd, ready: speakIfPossible() };
}
