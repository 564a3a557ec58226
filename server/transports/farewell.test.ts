import { expect, test } from "@jest/globals";
import { TestClock } from "../test/clock.js";
import { until } from "../test/until.js";
import { sendAway, type Leaving } from "./farewell.js";

/** A socket that does as it is told, and notes it. */
function socket(notes: string[], { busyFor = 0, answers = true } = {}): Leaving {
  let looks = 0;
  let isClosed = false;
  return {
    isBusy: () => (looks += 1) <= busyFor,
    close() {
      notes.push(`close after ${looks}`);
      isClosed = answers;
    },
    isClosed: () => isClosed,
    terminate: () => notes.push("terminate"),
  };
}

/** Sends them away, however long that takes. */
async function leave(...sockets: readonly Leaving[]): Promise<void> {
  const clock = new TestClock();
  let isDone = false;
  void sendAway(sockets, clock).then(() => (isDone = true));
  await until(() => {
    clock.advance(10);
    return isDone;
  }, "all to be gone");
}

test("a socket is told to go when what its client asked for is answered", async () => {
  const notes: string[] = [];
  await leave(socket(notes, { busyFor: 3 }));
  expect(notes).toEqual(["close after 4"]);
});

test("one that never finishes is told to go all the same", async () => {
  const notes: string[] = [];
  await leave(socket(notes, { busyFor: Number.POSITIVE_INFINITY }));
  expect(notes).toEqual([expect.stringMatching(/^close after \d{3}$/)]);
});

test("one whose client does not say goodbye is broken off", async () => {
  const notes: string[] = [];
  await leave(socket(notes, { answers: false }));
  expect(notes).toEqual(["close after 1", "terminate"]);
});

test("nobody is waited for where nobody is", async () => {
  await sendAway([], new TestClock());
});
