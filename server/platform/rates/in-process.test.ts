import { expect, test } from "@jest/globals";
import { TestClock } from "../../test/clock.js";
import { ratesContract } from "../../test/rates-contract.js";
import { createInProcessRates } from "./in-process.js";

ratesContract("in-process rates", async () => {
  const clock = new TestClock();
  return { rates: createInProcessRates(clock), pass: async (ms) => clock.advance(ms) };
});

test("no more counts are remembered than there is room for: the one that was not touched for longest begins anew", async () => {
  const rates = createInProcessRates(new TestClock(), 2);
  const use = async (key: string) => (await rates.take([{ key, rate: { limit: 2, windowMs: 60_000 } }]))[0];
  const used = [await use("a"), await use("a"), await use("b"), await use("b"), await use("a")];
  expect(used).toEqual([0, 0, 0, 0, 30_000]);
  await use("c");
  expect([await use("b"), await use("a")]).toEqual([30_000, 0]);
});
