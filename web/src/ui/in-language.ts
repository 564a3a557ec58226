import { i18n } from "@lingui/core";

/** What formats dates, numbers or lists, for the language that is spoken when it is asked for; made once for each. */
export function inLanguage<T>(make: (locale: string) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const known = made.get(i18n.locale);
    if (known !== undefined) return known;
    const fresh = make(i18n.locale);
    made.set(i18n.locale, fresh);
    return fresh;
  };
}
