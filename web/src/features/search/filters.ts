import type { MessageId } from "@lingui/core";

export interface Filter {
  /** What is put into the field. */
  readonly insert: string;
  /** Where the caret then stands, from the end of what was put in. */
  readonly caretFromEnd: number;
  readonly example: string;
  readonly finds: MessageId;
}

/** The filters that can be typed, as the help lists them. */
export const FILTERS: readonly Filter[] = [
  { insert: "from:", caretFromEnd: 0, example: "from:jane", finds: /*i18n*/ "by a person; from:me is you" },
  { insert: "in:", caretFromEnd: 0, example: "in:design", finds: /*i18n*/ "in a room; in:@jane is your direct room" },
  { insert: "has:file", caretFromEnd: 0, example: "has:file", finds: /*i18n*/ "with a file" },
  { insert: "has:image", caretFromEnd: 0, example: "has:image", finds: /*i18n*/ "with a picture" },
  { insert: "has:link", caretFromEnd: 0, example: "has:link", finds: /*i18n*/ "with a link" },
  { insert: "after:", caretFromEnd: 0, example: "after:2026-01-31", finds: /*i18n*/ "from that day on" },
  { insert: "before:", caretFromEnd: 0, example: "before:2026-02-28", finds: /*i18n*/ "before that day" },
  { insert: '""', caretFromEnd: 1, example: '"these words"', finds: /*i18n*/ "with precisely these words" },
];

/** The field with a filter added, and where the caret belongs. */
export function addFilter(text: string, filter: Filter): { readonly text: string; readonly caret: number } {
  const before = text === "" || /\s$/u.test(text) ? text : `${text} `;
  const next = before + filter.insert;
  return { text: next, caret: next.length - filter.caretFromEnd };
}
