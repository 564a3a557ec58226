/** Who is typing, in a few words: more than three are "several people". */
export function typingWords(names: readonly string[]): string {
  const [first, second, third] = names;
  if (first === undefined) return "";
  if (second === undefined) return i18n.t("{first} is typing …", { first });
  if (third === undefined) return i18n.t("{first} and {second} are typing …", { first, second });
  if (names.length === 3) return i18n.t("{first}, {second} and {third} are typing …", { first, second, third });
  return i18n.t("Several people are typing …");
}
import { i18n } from "@lingui/core";
