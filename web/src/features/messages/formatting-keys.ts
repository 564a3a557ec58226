import type { KeyboardEvent } from "react";
import { replaceInField } from "../../ui/edit-field.js";
import { isComposing } from "../../ui/keys.js";

/** The mark that a key with Ctrl or Cmd puts around what is selected. */
function markOf({ key, shiftKey }: KeyboardEvent): string | null {
  const marks: Readonly<Record<string, string>> = shiftKey ? { x: "~~" } : { b: "**", i: "_", e: "`" };
  return marks[key.toLowerCase()] ?? null;
}

/** Puts marks around the selection, or takes away those that are there. What was selected stays so. */
function toggleMark(field: HTMLTextAreaElement, mark: string): void {
  const { value, selectionStart: start, selectionEnd: end } = field;
  const [width, selected] = [mark.length, value.slice(start, end)];
  const isMarked = value.slice(start - width, start) === mark && value.slice(end, end + width) === mark;
  if (isMarked) {
    replaceInField(field, start - width, end + width, selected);
    field.setSelectionRange(start - width, end - width);
  } else {
    replaceInField(field, start, end, mark + selected + mark);
    field.setSelectionRange(start + width, end + width);
  }
}

/** Ctrl or Cmd with B, I, E or Shift-X makes bold, italic, code or struck text. Answers whether the key was one of these. */
export function formatOnKey(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
  const mark = (event.ctrlKey || event.metaKey) && !event.altKey && !isComposing(event) ? markOf(event) : null;
  if (mark === null) return false;
  event.preventDefault();
  toggleMark(event.currentTarget, mark);
  return true;
}
