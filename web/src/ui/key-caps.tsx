import { i18n, type MessageId } from "@lingui/core";
import { chordParts, isApple } from "./keys.js";

/** What is printed on keys depends on the language. */
const NAMES: Readonly<Record<string, MessageId>> = {
  Mod: /*i18n*/ "Ctrl",
  Shift: /*i18n*/ "Shift",
  Escape: /*i18n*/ "Esc",
  Delete: /*i18n*/ "Del",
  ContextMenu: /*i18n*/ "Menu key",
};
const SIGNS: Readonly<Record<string, string>> = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };
const APPLE_SIGNS: Readonly<Record<string, string>> = { ...SIGNS, Mod: "⌘", Alt: "⌥", Shift: "⇧" };

function keyName(part: string, withApple: boolean): string {
  const sign = (withApple ? APPLE_SIGNS : SIGNS)[part];
  const name = NAMES[part];
  return sign ?? (name ? i18n.t(name) : part);
}

/** A chord as it is printed on the keys of this machine: `Ctrl K`, `⌘ K`. */
export function keyNames(chord: string, withApple: boolean = isApple()): readonly string[] {
  return chordParts(chord).map((part) => keyName(part, withApple));
}

/** The keys of a chord, drawn as keys. */
export function KeyCaps({ chord }: { readonly chord: string }) {
  return (
    <span className="key-caps">
      {keyNames(chord).map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  );
}
