import { beforeEach, expect, test } from "@jest/globals";
import { createInProcessLeases } from "./leases/in-process.js";
import { andThen, Loaders, type LoaderDefinition } from "./loaders.js";
import type { Scope } from "./scope.js";

/** What was read, batch by batch. */
let batches: (readonly number[])[];
let loaders: Loaders;
beforeEach(() => {
  batches = [];
  loaders = new Loaders(parseScope({ services: { leases: createInProcessLeases() } }));
});

/** These loaders ask nothing of it. */
function parseScope(scope: object): Scope {
  return scope as Scope;
}

const names: LoaderDefinition<number, string | undefined> = {
  async batch(_scope, ids, prime) {
    batches.push(ids);
    for (const id of ids) prime(lengths, `name ${id}`, 6);
    return ids.map((id) => (id === 0 ? undefined : `name ${id}`));
  },
};
const lengths: LoaderDefinition<string, number> = {
  batch: async (_scope, texts) => texts.map(({ length }) => length * 100),
};

test("what is wanted at once is read at once, each thing once", async () => {
  const both = [loaders.load(names, 1), loaders.loadAll(names, [2, 1])] as const;
  expect([await both[0], await both[1]]).toEqual(["name 1", ["name 2", "name 1"]]);
  expect(batches).toEqual([[1, 2]]);
});

test("what was read is there without waiting, also that there is nothing", async () => {
  await loaders.loadAll(names, [0, 1]);
  expect(loaders.load(names, 1)).toBe("name 1");
  expect(loaders.load(names, 0)).toBeUndefined();
  expect(loaders.loadAll(names, [1, 0])).toEqual(["name 1", undefined]);
  expect(batches).toEqual([[0, 1]]);
});

test("what came along with something else is there, too", async () => {
  await loaders.load(names, 1);
  expect(loaders.load(lengths, "name 1")).toBe(6);
});

test("what is known stays as it is when it is said again", () => {
  loaders.prime(names, 1, "first");
  loaders.prime(names, 1, "second");
  expect(loaders.load(names, 1)).toBe("first");
});

test("after a change nothing is remembered, nor what was being read", async () => {
  loaders.prime(names, 2, "before");
  const reading = loaders.load(names, 1);
  loaders.clear();
  await reading;
  expect(loaders.load(lengths, "name 1")).toBeInstanceOf(Promise);
  expect(await loaders.load(names, 1)).toBe("name 1");
  expect(await loaders.load(names, 2)).toBe("name 2");
  expect(batches).toEqual([[1], [1], [2]]);
});

test("what fails fails for whoever wanted it", async () => {
  const failing: LoaderDefinition<number, number> = { batch: () => Promise.reject(new Error("away")) };
  await expect(loaders.load(failing, 1)).rejects.toThrow("away");
});

test("a step follows at once on what is there, and later on what is not", async () => {
  expect(andThen(1, (value) => value + 1)).toBe(2);
  expect(await andThen(Promise.resolve(1), (value) => value + 1)).toBe(2);
});
