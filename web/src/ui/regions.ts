const STOPS = "a[href], button:not(:disabled), input, textarea, [tabindex='0']";

function isVisible(element: Element): boolean {
  return element.getClientRects().length > 0;
}

/** Where the focus belongs in a part of the page: what is current there, else the first thing that takes it. */
function stopIn(region: Element): HTMLElement | null {
  const current = region.querySelector("[aria-current='page'], article[tabindex='0'], textarea");
  const stop = [current, ...region.querySelectorAll(STOPS), region].find((each) => each !== null && isVisible(each));
  return stop instanceof HTMLElement ? stop : null;
}

/** Gives the focus to this where nothing has it: what had it is gone. */
export function focusIfNone(target: Element | null): void {
  const hasNone = document.activeElement === null || document.activeElement === document.body;
  if (hasNone && target instanceof HTMLElement) target.focus({ preventScroll: true });
}

/** Where the messages of the room that is open are, if there is one. */
export function findFeed(): Element | null {
  return document.querySelector("[role=log]");
}

/** Where one writes in the room that is open, if there is one. */
export function findWritingField(): Element | null {
  return document.querySelector("[data-region] textarea");
}

/** Moves the focus to the next or previous part of the page (`data-region`), in the order of the page, and around. */
export function focusRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll("[data-region]")].filter(isVisible);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[at < 0 ? (step > 0 ? 0 : regions.length - 1) : (at + step + regions.length) % regions.length];
  if (next) stopIn(next)?.focus();
}
