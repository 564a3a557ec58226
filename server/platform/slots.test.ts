import { expect, test } from "@jest/globals";
import { Slots } from "./slots.js";

/** Works that end when they are told to, and how many of them have begun. */
function startWorks(slots: Slots, count: number) {
  const begun: number[] = [];
  const works = Array.from({ length: count }, (_, index) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const done = slots.run(() => {
      begun.push(index);
      return promise;
    });
    done.catch(() => {});
    return { done, end: () => resolve(index), fail: () => reject(new Error(`failure of ${index}`)) };
  });
  return { begun, works };
}

test("as many as there are slots run at once, the others in their order, also after one that failed", async () => {
  const { begun, works } = startWorks(new Slots(2), 5);
  expect(begun).toEqual([0, 1]);
  works[1]?.fail();
  await expect(works[1]?.done).rejects.toThrow("failure of 1");
  expect(begun).toEqual([0, 1, 2]);
  works[0]?.end();
  works[2]?.end();
  expect(await Promise.all([works[0]?.done, works[2]?.done])).toEqual([0, 2]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  works[3]?.end();
  works[4]?.end();
  expect(await Promise.all([works[3]?.done, works[4]?.done])).toEqual([3, 4]);
});

test("a slot that nobody waits for is there for who comes later", async () => {
  const slots = new Slots(1);
  await slots.run(async () => {});
  const { begun, works } = startWorks(slots, 2);
  expect(begun).toEqual([0]);
  works[0]?.end();
  works[1]?.end();
  expect(await works[1]?.done).toBe(1);
});
