import { expect, test } from "@jest/globals";
import { Questions, Turns } from "./turns.js";

/** Notes every turn, and answers it when it is told to. */
function noted(limit: number) {
  const said: (readonly [readonly string[], readonly string[]])[] = [];
  const answers: ((alone: ReadonlySet<string>) => void)[] = [];
  const turns = new Turns(limit, (taken, left) => {
    said.push([taken, left]);
    return new Promise((resolve) => answers.push(resolve));
  });
  const answer = async (...alone: readonly string[]): Promise<void> => {
    answers.shift()?.(new Set(alone));
    await new Promise(setImmediate);
  };
  return { turns, said, answer };
}

test("one alone is said at once, and all who come meanwhile with the next turn", async () => {
  const { turns, said, answer } = noted(500);
  const first = turns.say("a", true);
  const others = ["b", "c", "d"].map((key) => turns.say(key, key !== "c"));
  expect(said).toEqual([[["a"], []]]);
  await answer("a");
  expect(await first).toBe(true);
  expect(said[1]).toEqual([["b", "d"], ["c"]]);
  await answer("d");
  expect(await Promise.all(others)).toEqual([false, false, true]);
  expect(said).toHaveLength(2);
});

test("a turn has so many keys at most, and a key once, so that it stands as it was said last", async () => {
  const { turns, said, answer } = noted(2);
  const sayings = [
    turns.say("a", true),
    turns.say("b", true),
    turns.say("b", false),
    turns.say("c", true),
    turns.say("d", true),
  ];
  for (let turn = 0; turn < 4; turn += 1) await answer();
  expect(said).toEqual([
    [["a"], []],
    [["b"], []],
    [["c"], ["b"]],
    [["d"], []],
  ]);
  expect(await Promise.all(sayings)).toEqual(sayings.map(() => false));
});

/** Notes every round of questions, and answers it with the keys themselves when it is told to. */
function asked() {
  const rounds: (readonly string[])[] = [];
  const answers: (() => void)[] = [];
  const questions = new Questions<string>((keys) => {
    rounds.push(keys);
    return new Promise((resolve) =>
      answers.push(() => resolve(new Map(keys.filter((key) => key !== "unknown").map((key) => [key, key])))),
    );
  });
  const answer = async (): Promise<void> => {
    answers.shift()?.();
    await new Promise(setImmediate);
  };
  return { questions, rounds, answer };
}

test("who asks alone is answered at once, and a thousand who ask meanwhile are one question with each key once", async () => {
  const { questions, rounds, answer } = asked();
  const first = questions.ask(["a", "unknown"]);
  const others = Array.from({ length: 1_000 }, (_, index) => questions.ask(["a", `k${index % 10}`]));
  expect(rounds).toEqual([["a", "unknown"]]);
  await answer();
  expect(await first).toEqual(["a", undefined]);
  expect(rounds[1]).toHaveLength(11);
  await answer();
  expect((await Promise.all(others))[13]).toEqual(["a", "k3"]);
  expect(rounds).toHaveLength(2);
});

test("whoever asks is told how it stands after they asked, not what was under way before", async () => {
  const { questions, rounds, answer } = asked();
  void questions.ask(["a"]);
  let isAnswered = false;
  const later = questions.ask(["a"]).then(() => (isAnswered = true));
  await answer();
  expect([isAnswered, rounds.length]).toEqual([false, 2]);
  await answer();
  await later;
});
