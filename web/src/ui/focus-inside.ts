/** Puts the focus on the first thing inside that takes it, unless it is there already. */
export function focusInside(element: Element | null): void {
  if (!element || element.contains(document.activeElement)) return;
  const first = element.querySelector("input:checked, input, button, a[href]");
  if (first instanceof HTMLElement) first.focus();
}
