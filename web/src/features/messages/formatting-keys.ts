import type { KeyboardEvent } from "react";
import { replaceInField } from "../../ui/edit-field.js";
import { isComposing, isKey } from "../../ui/keys.js";

const MARKS = [
  ["bold", "**"],
  ["italic", "_"],
  ["strike", "~~"],
  ["code", "`"],
] as const;

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

/** Puts a mark around what is selected, or takes it away, on the keys for that. Answers whether the key was one of these. */
export function formatOnKey(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
  const mark = isComposing(event) ? undefined : MARKS.find(([command]) => isKey(event, command))?.[1];
  if (mark === undefined) return false;
  event.preventDefault();
  toggleMark(event.currentTarget, mark);
  return true;
}
