import { expect, it } from "@jest/globals";
import { withHeld } from "./use-virtual-rows.js";

it("keeps the row that is held, with its neighbours to move on to, wherever it stands", () => {
  expect(withHeld([20, 21, 22], 5, 30)).toEqual([4, 5, 6, 20, 21, 22]);
  expect(withHeld([0, 1, 2], 29, 30)).toEqual([0, 1, 2, 28, 29]);
  expect(withHeld([4, 5, 6], 0, 30)).toEqual([0, 1, 4, 5, 6]);
});

it("adds nothing for one that is in view already, or for none", () => {
  expect(withHeld([20, 21, 22], 21, 30)).toEqual([20, 21, 22]);
  expect(withHeld([20, 21, 22], -1, 30)).toEqual([20, 21, 22]);
});
