import type { KeyboardEvent } from "react";

/** What IMEs report as the key code of every key while a word is being composed. */
const COMPOSING_KEY_CODE = 229;

/** Whether a key belongs to a word that is still being composed: Enter then chooses a candidate, it does not send. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === COMPOSING_KEY_CODE;
}

/** Enter as a command: not in a composition, not with Shift. */
export function isPlainEnter(event: KeyboardEvent): boolean {
  return (
    event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey && !isComposing(event)
  );
}
