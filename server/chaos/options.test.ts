import { expect, test } from "@jest/globals";
import { optionWords, parseOptions } from "./options.js";

test("without a word it is everything, with a seed by chance and each figure as the scenario has it", () => {
  const { scenarios, options } = parseOptions([]);
  expect(scenarios).toEqual(["everything"]);
  expect(options).toMatchObject({ nodes: 3, sends: undefined, faults: undefined, times: { kill: undefined } });
  expect(options.seed).toBeGreaterThanOrEqual(0);
});

test("what is asked for is taken", () => {
  const args = ["removals", "keys", "--seed", "7", "--minutes", "0.5", "--faults", "kill,redis", "--redis-kills", "5"];
  expect(parseOptions(args)).toMatchObject({
    scenarios: ["removals", "keys"],
    options: { seed: 7, minutes: 0.5, faults: ["kill", "redis"], times: { redis: 5, kill: undefined } },
  });
});

test("what it does not know is refused in words", () => {
  expect(() => parseOptions(["--faults", "kill,rust"])).toThrow("There is no fault rust.");
  expect(() => parseOptions(["--sends", "many"])).toThrow("--sends takes a number, and got many.");
  expect(() => parseOptions(["--sends", ""])).toThrow("--sends takes a number");
  expect(() => parseOptions(["--sneds", "5"])).toThrow("--sneds");
});

test("the help names every option", () => {
  expect(optionWords.join(" ")).toContain("--postgres-restarts");
});
