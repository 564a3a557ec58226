import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Leases } from "../platform/leases/leases.js";

/** What everything that keeps leases promises, whichever it is. */
export function leasesContract(name: string, create: () => Promise<Leases>): void {
  describe(`the contract of ${name}`, () => {
    let leases: Leases;
    beforeEach(async () => {
      leases = await create();
    });

    test("tells the first who takes a key, and the last who gives it back", async () => {
      expect(await leases.acquire("a")).toBe(true);
      expect(await leases.acquire("a")).toBe(false);
      expect(await leases.release("a")).toBe(false);
      expect(await leases.release("a")).toBe(true);
      expect(await leases.acquire("a")).toBe(true);
    });

    test("answers for each key, in order", async () => {
      await leases.acquire("a");
      await leases.acquire("c");
      expect(await leases.held(["c", "b", "a", "a"])).toEqual([true, false, true, true]);
      await leases.release("a");
      expect(await leases.held(["a", "c"])).toEqual([false, true]);
      expect(await leases.held([])).toEqual([]);
    });

    test("of many who come and go at once, one is first and one is last", async () => {
      const all = Array.from({ length: 20 });
      expect((await Promise.all(all.map(() => leases.acquire("a")))).filter(Boolean)).toHaveLength(1);
      expect((await Promise.all(all.map(() => leases.release("a")))).filter(Boolean)).toHaveLength(1);
      expect(await leases.held(["a"])).toEqual([false]);
    });

    test("giving back what nobody holds takes nothing from who comes next", async () => {
      await leases.release("a");
      expect(await leases.acquire("a")).toBe(true);
      expect(await leases.release("a")).toBe(true);
    });
  });
}
