import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Charge, Rates } from "../platform/rates/rates.js";

export interface TimedRates {
  readonly rates: Rates;
  /** Lets so much time pass for what is counted. */
  pass(ms: number): Promise<void>;
}

const MINUTE_MS = 60_000;
/** One is earned every quarter of an hour: what a test takes itself is nothing beside it. */
const rate = { limit: 4, windowMs: 60 * MINUTE_MS };
const ONE_MS = 15 * MINUTE_MS;
const of = (...keys: readonly string[]): readonly Charge[] => keys.map((key) => ({ key, rate }));
const minutes = (waits: readonly number[]): readonly number[] => waits.map((ms) => Math.ceil(ms / MINUTE_MS));

/** What everything that counts promises, whichever it is. */
export function ratesContract(name: string, create: () => Promise<TimedRates>): void {
  describe(`the contract of ${name}`, () => {
    let rates: Rates;
    let pass: TimedRates["pass"];
    beforeEach(async () => {
      ({ rates, pass } = await create());
    });
    const use = async (times: number, ...keys: readonly string[]): Promise<readonly number[]> => {
      const waits: number[] = [];
      for (let index = 0; index < times; index += 1) waits.push(Math.max(...(await rates.take(of(...keys)))));
      return minutes(waits);
    };

    test("as many as the limit come at once, and the next is told how long to wait", async () => {
      expect(await use(5, "a")).toEqual([0, 0, 0, 0, 15]);
    });

    test("what is refused is not counted: who waits as long as they are told is let through, once", async () => {
      await use(4, "a");
      expect(await use(10, "a")).toEqual(Array.from({ length: 10 }, () => 15));
      const [wait = 0] = await rates.take(of("a"));
      await pass(wait);
      expect(await use(2, "a")).toEqual([0, 15]);
    });

    test("what is not used is saved up, to no more than the limit", async () => {
      await use(4, "a");
      await pass(2 * ONE_MS);
      expect(await use(3, "a")).toEqual([0, 0, 15]);
      await pass(100 * ONE_MS);
      expect(await use(5, "a")).toEqual([0, 0, 0, 0, 15]);
    });

    test("each key is counted by itself", async () => {
      await use(4, "a");
      expect([await use(1, "a"), await use(1, "b")]).toEqual([[15], [0]]);
    });

    test("of several each is taken, or none is: it is told which was used up", async () => {
      await use(4, "a");
      expect(minutes(await rates.take(of("a", "b")))).toEqual([15, 0]);
      expect(minutes(await rates.take(of("b", "a")))).toEqual([0, 15]);
      expect(await use(5, "b")).toEqual([0, 0, 0, 0, 15]);
      expect(await use(5, "c", "d")).toEqual([0, 0, 0, 0, 15]);
      expect(await use(1, "d")).toEqual([15]);
    });

    test("of many at the same moment as many as the limit are let through", async () => {
      const waits = await Promise.all(Array.from({ length: 20 }, () => rates.take(of("a"))));
      expect(waits.filter(([wait]) => wait === 0)).toHaveLength(4);
    });

    test("a rate that is no whole time is not rounded to another one", async () => {
      const third = { key: "third", rate: { limit: 30, windowMs: 600 * MINUTE_MS + 1 } };
      const waits: number[] = [];
      for (let index = 0; index < 31; index += 1) waits.push(...(await rates.take([third])));
      expect(minutes(waits)).toEqual([...Array.from({ length: 30 }, () => 0), expect.any(Number)]);
      expect([20, 21]).toContain(minutes(waits)[30]);
    });

    test("who asks for nothing gets it", async () => {
      expect(await rates.take([])).toEqual([]);
    });
  });
}
