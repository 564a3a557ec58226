import { expect, test } from "@jest/globals";
import { GroupCommit } from "./group-commit.js";

/** Works that end when they are told to; what they are given says which have begun. */
function startCommit() {
  const groups: (readonly string[])[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const commit = new GroupCommit<string, string, string>(
    async (items) => {
      groups.push(items);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      await end.promise;
      return items.map((item) => `${item} is done`);
    },
    {
      limit: 3,
      mayJoin: (group, item) => !group.includes(item),
      mayBeOnes: (error) => error instanceof RangeError,
    },
  );
  return {
    groups,
    do: (key: string, ...items: readonly string[]) => Promise.allSettled(items.map((item) => commit.do(key, item))),
    end: () => settled(() => ends.shift()?.resolve()),
    fail: (error: Error) => settled(() => ends.shift()?.reject(error)),
  };
}

/** Lets everything that follows from it happen. */
async function settled(happen: () => void): Promise<void> {
  happen();
  await new Promise((resolve) => setImmediate(resolve));
}

const done = (item: string) => ({ status: "fulfilled", value: `${item} is done` });
const failed = (reason: Error) => ({ status: "rejected", reason });

test("what comes while something is under way is done together, in its order, so much at once at most", async () => {
  const commit = startCommit();
  const results = commit.do("room", "a", "b", "c", "d", "e");
  expect(commit.groups).toEqual([["a"]]);
  await commit.end();
  await commit.end();
  expect(commit.groups).toEqual([["a"], ["b", "c", "d"], ["e"]]);
  await commit.end();
  expect(await results).toEqual(["a", "b", "c", "d", "e"].map(done));
});

test("other keys do not wait, nor does who comes when nothing is under way", async () => {
  const commit = startCommit();
  const results = [commit.do("room", "a"), commit.do("another", "b")];
  expect(commit.groups).toEqual([["a"], ["b"]]);
  await commit.end();
  results.push(commit.do("room", "c"));
  expect(commit.groups).toEqual([["a"], ["b"], ["c"]]);
  await commit.end();
  await commit.end();
  expect(await Promise.all(results)).toEqual([[done("a")], [done("b")], [done("c")]]);
});

test("a failure that may be one item's is only its own: each is then done by itself, in order", async () => {
  const commit = startCommit();
  const results = commit.do("room", "a", "b", "c", "d");
  await commit.end();
  await commit.fail(new RangeError("of one"));
  await commit.end();
  const own = new RangeError("of c");
  await commit.fail(own);
  await commit.end();
  expect(commit.groups).toEqual([["a"], ["b", "c", "d"], ["b"], ["c"], ["d"]]);
  expect(await results).toEqual([done("a"), done("b"), failed(own), done("d")]);
});

test("who may not join a group begins the next one, and nobody comes before their turn", async () => {
  const commit = startCommit();
  const results = commit.do("room", "a", "a", "b", "b", "b", "c");
  for (let group = 0; group < 4; group += 1) await commit.end();
  expect(commit.groups).toEqual([["a"], ["a", "b"], ["b"], ["b", "c"]]);
  expect(await results).toEqual(["a", "a", "b", "b", "b", "c"].map(done));
});

test("any other failure is that of all who wait by then: nothing is tried for them, and who comes later is served", async () => {
  const commit = startCommit();
  const results = commit.do("room", "a", "b", "c", "d", "e");
  const others = commit.do("another", "f", "g");
  // The first statement hangs: everybody else is in line behind it, and hears of its end at once.
  const away = new Error("the database is away");
  await commit.fail(away);
  expect(await results).toEqual(Array(5).fill(failed(away)));
  await commit.end();
  await commit.end();
  expect(await others).toEqual([done("f"), done("g")]);
  const later = commit.do("room", "h");
  await commit.end();
  expect(await later).toEqual([done("h")]);
  expect(commit.groups).toEqual([["a"], ["f"], ["g"], ["h"]]);
});

test("a failure that is nobody's own ends the one by one, too; who has an answer keeps it", async () => {
  const commit = startCommit();
  const results = commit.do("room", "a", "b", "c", "d", "e");
  await commit.end();
  await commit.fail(new RangeError("of one"));
  await commit.end();
  const away = new Error("the database is away");
  await commit.fail(away);
  expect(await results).toEqual([done("a"), done("b"), failed(away), failed(away), failed(away)]);
  expect(commit.groups).toEqual([["a"], ["b", "c", "d"], ["b"], ["c"]]);
});
