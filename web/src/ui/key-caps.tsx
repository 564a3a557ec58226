import { chordParts, isApple } from "./keys.js";

const NAMES: Readonly<Record<string, string>> = {
  Mod: "Ctrl",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Delete: "Del",
  ContextMenu: "Menu key",
};
const APPLE_NAMES: Readonly<Record<string, string>> = { ...NAMES, Mod: "⌘", Alt: "⌥", Shift: "⇧" };

/** A chord as it is printed on the keys of this machine: `Ctrl K`, `⌘ K`. */
export function keyNames(chord: string, withApple: boolean = isApple()): readonly string[] {
  return chordParts(chord).map((part) => (withApple ? APPLE_NAMES : NAMES)[part] ?? part);
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
