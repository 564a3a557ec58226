/** @jest-environment node */
import { expect, it } from "@jest/globals";
import { noteTaken, otherVersion } from "./other-version.js";

it("a page is of another version while there is a document of its that the server has refused and not taken since", () => {
  const seen: boolean[] = [];
  for (const [document, isTaken] of [
    ["a", true],
    ["a", false],
    ["b", true],
    ["b", false],
    ["a", true],
    ["b", true],
  ] as const) {
    noteTaken(document, isTaken);
    seen.push(otherVersion.get());
  }
  expect(seen).toEqual([false, true, true, true, true, false]);
});
