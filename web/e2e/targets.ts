import type { Page } from "playwright-core";

/** What can be pressed, by what takes the press: a field by the box around it. Links in running text are as high as their line. */
const CONTROLS =
  "button, a, textarea, [role=option], [role=menuitem], .ant-segmented-item, .ant-select, .ant-input-affix-wrapper, :not(.ant-input-affix-wrapper) > input.ant-input";
/** What lies over the page for a while, and may cover half a control. */
const FLOATING = ".ant-dropdown, .ant-popover, .ant-modal-wrap, .suggestions, .toolbar";
const IN_TEXT = ".text a";
/** Half a finger, in CSS pixels: 44 less what rounding takes. */
const REACH_PX = 21;

/**
 * The controls on the screen that a finger misses: one that comes down 21 px beside the middle. What is covered or cut off
 * at that place by the edge of the screen or by what scrolls can't be judged and is left out.
 */
export function missedByFingers(page: Page): Promise<readonly string[]> {
  return page.evaluate(
    ({ controls, floating, inText, reach }) => {
      const hits = (element: Element, x: number, y: number): boolean => {
        const hit = document.elementFromPoint(x, y);
        return hit !== null && (element.contains(hit) || hit.closest(controls)?.contains(element) === true);
      };
      const isCovered = (element: Element, x: number, y: number): boolean =>
        document.elementFromPoint(x, y)?.closest(floating)?.contains(element) === false;
      const isWholeInView = (element: Element, x: number, y: number): boolean => {
        if (x - reach < 0 || y - reach < 0 || x + reach > window.innerWidth || y + reach > window.innerHeight)
          return false;
        for (let around = element.parentElement; around; around = around.parentElement) {
          const { overflowX, overflowY } = getComputedStyle(around);
          if (overflowX === "visible" && overflowY === "visible") continue;
          const box = around.getBoundingClientRect();
          const isScroller = around.scrollHeight > around.clientHeight || around.scrollWidth > around.clientWidth;
          if (isScroller && (y - reach < box.top || y + reach > box.bottom)) return false;
        }
        return true;
      };
      return [...document.querySelectorAll(controls)].flatMap((element) => {
        const box = element.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        if (box.width === 0 || element.closest(inText) || !isWholeInView(element, x, y) || !hits(element, x, y))
          return [];
        const beside = [
          [x - reach, y],
          [x + reach, y],
          [x, y - reach],
          [x, y + reach],
        ] as const;
        if (beside.every(([left, top]) => hits(element, left, top) || isCovered(element, left, top))) return [];
        const name = element.getAttribute("aria-label") ?? element.textContent;
        return [`${element.tagName} ${element.className} "${name}" ${Math.round(box.width)}x${Math.round(box.height)}`];
      });
    },
    { controls: CONTROLS, floating: FLOATING, inText: IN_TEXT, reach: REACH_PX },
  );
}
