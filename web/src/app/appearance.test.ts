import { afterEach, expect, it } from "@jest/globals";
import { createAppearance } from "./appearance.js";

afterEach(() => window.localStorage.clear());

it("looks as usual until something is chosen", () => {
  const { theme, density, sidebarPx } = createAppearance(window.localStorage);
  expect([theme.get(), density.get(), sidebarPx.get()]).toEqual(["system", "comfortable", 264]);
});

it.each([
  ["300", 300],
  ["12", 220],
  ["9000", 360],
  ["wide", 264],
  ["", 220],
])("a sidebar kept as %p is %p pixels wide", (kept, px) => {
  window.localStorage.setItem("parley.sidebar", kept);
  expect(createAppearance(window.localStorage).sidebarPx.get()).toBe(px);
});
