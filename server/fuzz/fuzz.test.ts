import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { keepOutOfLogs } from "../test/watched-log.js";
import { openTestDatabase } from "../test/world.js";
import { attack } from "./attack.js";
import { shares } from "./entries.js";
import { judged, startTarget, type Target } from "./target.js";

const seed = Math.floor(Math.random() * 2 ** 31);

let target: Target;
beforeAll(async () => {
  target = await startTarget({ database: await openTestDatabase() });
});
afterAll(() => target.close());

describe("whatever is sent, nothing falls over and every answer is one that clients know:", () => {
  test.each(shares.filter(({ inTest }) => inTest > 0).map((share) => [share.entry.name, share] as const))(
    `%s (seed ${seed})`,
    async (_name, { entry, inTest: inputs }) => {
      // As a whole, so that a failure says what was sent, and by which seed it is sent again.
      expect([seed, await attack(entry, target, { inputs, seed })]).toEqual([seed, undefined]);
    },
  );
});

test("a fault whose log holds what none may is told with both", () => {
  const content = keepOutOfLogs("what somebody has written");
  const line = JSON.stringify({ level: 50, content });
  expect(judged([line])).toEqual([line, `the log holds what none may: ${content}`]);
});
