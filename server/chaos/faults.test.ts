import { expect, test } from "@jest/globals";
import { createRandom } from "../demo/demo-random.js";
import { schedule } from "./faults.js";

const planOf = (seed: number) => schedule({ kill: 3, redis: 2 }, 60_000, createRandom(seed));

test("a schedule has each fault as often as was asked for, spread over the time, in its order", () => {
  const plan = planOf(1);
  expect(plan.map(({ name }) => name).toSorted()).toEqual(["kill", "kill", "kill", "redis", "redis"]);
  const times = plan.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((left, right) => left - right));
  const kills = plan.filter(({ name }) => name === "kill").map(({ atMs }) => Math.floor(atMs / 20_000));
  expect(kills).toEqual([0, 1, 2]);
});

test("the same seed makes the same plan, and another one another", () => {
  expect(planOf(1)).toEqual(planOf(1));
  expect(planOf(2)).not.toEqual(planOf(1));
});

test("nothing that was not asked for is planned", () => {
  expect(schedule({}, 60_000, createRandom(1))).toEqual([]);
});
