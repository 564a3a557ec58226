/**
 * Puts text in the place of a part of a field, as if it had been typed: the change can be undone with Ctrl-Z, and React
 * hears of it as of any other.
 */
export function replaceInField(field: HTMLTextAreaElement, start: number, end: number, text: string): void {
  field.focus();
  field.setSelectionRange(start, end);
  // Deprecated, and still the only way that keeps what can be undone.
  const isDone = typeof document.execCommand === "function" && document.execCommand("insertText", false, text);
  if (isDone) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Puts text where the caret of a field is, in the place of what is selected. */
export function insertInField(field: HTMLTextAreaElement, text: string): void {
  replaceInField(field, field.selectionStart, field.selectionEnd, text);
}
