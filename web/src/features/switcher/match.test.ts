import { describe, expect, it } from "@jest/globals";
import { matchScore } from "./match.js";

describe("what is typed into the switcher", () => {
  it.each([
    ["disc", "Project Discussion"],
    ["proj disc", "Project Discussion"],
    ["discussion project", "Project Discussion"],
    ["cuss", "Project Discussion"],
    ["prdi", "Project Discussion"],
    ["andre", "André Müller"],
    ["会議", "会議 Tokyo"],
  ])("%s finds %s", (typed, name) => {
    expect(matchScore(typed, name)).toBeGreaterThan(0);
  });

  it.each([
    ["xyz", "Project Discussion"],
    ["project release", "Project Discussion"],
    ["tcejorp", "Project Discussion"],
    ["!!", "Project Discussion"],
  ])("%s does not find %s", (typed, name) => {
    expect(matchScore(typed, name)).toBe(0);
  });

  it("likes whole words best, then beginnings, insides, and letters in order", () => {
    const scores = ["art", "artists", "start", "a rat trap"].map((name) => matchScore("art", name));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(new Set(scores).size).toBe(4);
  });
});
