/** Moves the focus among the elements that match; answers false where there is none to move to. */
export function moveFocus(within: Element, selector: string, step: 1 | -1): boolean {
  const items = [...within.querySelectorAll(selector)].filter((item) => item instanceof HTMLElement);
  const at = items.findIndex((item) => item === document.activeElement);
  const next = at < 0 ? (step > 0 ? items[0] : items.at(-1)) : items[at + step];
  next?.focus();
  return next !== undefined;
}
