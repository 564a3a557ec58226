import { expect, test } from "@jest/globals";
import { secretCheck } from "./secrets.js";

test("a secret is known by all of it, and nothing is one where there is none", () => {
  const isSecret = secretCheck("a secret");
  expect(["a secret", "a secre", "a secret ", "A secret", "", undefined, null, ["a secret"]].map(isSecret)).toEqual([
    true,
    ...Array.from({ length: 7 }, () => false),
  ]);
  expect(["", "undefined", undefined].map(secretCheck(undefined))).toEqual([false, false, false]);
});
