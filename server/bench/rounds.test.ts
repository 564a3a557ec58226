import { expect, test } from "@jest/globals";
import { cpuBetween } from "./database-cpu.js";
import { columnOf, inRounds } from "./rounds.js";

test("each round begins with another run, and keeps the results in their order", async () => {
  const ran: string[] = [];
  const runs = ["a", "b", "c"].map((name) => async () => {
    ran.push(name);
    return `${name}${ran.length}`;
  });
  const rounds = await inRounds(3, runs);
  expect(ran.join("")).toBe("abcbcacab");
  expect(rounds).toEqual([
    ["a1", "b2", "c3"],
    ["a6", "b4", "c5"],
    ["a8", "b9", "c7"],
  ]);
  expect(columnOf(rounds, 1)).toEqual(["b2", "b4", "b9"]);
});

test("what a database used is that of all its processes, of those that began meanwhile too", () => {
  const before = new Map([
    [1, 100],
    [2, 50],
  ]);
  const after = new Map([
    [1, 130],
    [3, 7],
  ]);
  expect(cpuBetween(before, after)).toBe(37);
  expect(cpuBetween(undefined, after)).toBeUndefined();
});
