import { expect, test } from "@jest/globals";
import type { Happened } from "./history.js";
import { Notebook } from "./notebook.js";

const event = (seq: number): Happened => ({ seq, what: `message_sent ${seq}`, atMs: seq });
const following = (start: number, ...seqs: readonly number[]): Notebook => {
  const notebook = new Notebook("chatEvents of 2", 2);
  notebook.resumed("r7", start);
  for (const seq of seqs) notebook.add("r7", event(seq));
  return notebook;
};

test("what comes is written down as it comes, also what may not be", () => {
  const notebook = following(3, 4, 6, 6, 5);
  expect(notebook.toFollowed()).toMatchObject({
    spans: [{ start: 3, events: [{ seq: 4 }, { seq: 6 }, { seq: 6 }, { seq: 5 }], ended: "open" }],
    faults: [],
  });
});

test("one goes on from what was handled last, and from the start while nothing was", () => {
  expect(following(3).handled("r7")).toBe(3);
  expect(following(3, 4, 5).handled("r7")).toBe(5);
  expect(following(3).handled("r8")).toBeUndefined();
});

test("a server that resumes elsewhere than it was asked to is noted", () => {
  const notebook = following(3, 4);
  notebook.resumed("r7", 4);
  expect(notebook.faults).toEqual([]);
  notebook.resumed("r7", 5);
  expect(notebook.faults).toEqual(["r7 was resumed after 5 instead of 4"]);
});

test("an event of a stream that nobody asked for is noted", () => {
  const notebook = following(0);
  notebook.add("r8", event(1));
  expect(notebook.faults).toEqual(["message_sent 1 (1) of r8, which they do not follow"]);
});

test("what the snapshot of a room that was joined has already is no delivery", () => {
  const notebook = following(0);
  notebook.begin("r8", 5, "snapshot");
  expect([4, 5, 6].map((seq) => notebook.add("r8", event(seq)))).toEqual([false, false, true]);
  expect(notebook.toFollowed().spans[1]).toMatchObject({ start: 5, events: [{ seq: 6 }] });
});

test("who was removed and is back begins anew, or goes on where the server does", () => {
  const notebook = following(0, 1);
  notebook.remove("r7");
  expect(notebook.handled("r7")).toBeUndefined();
  notebook.begin("r7", 8, "snapshot");
  notebook.add("r7", event(9));
  expect(notebook.toFollowed().spans).toMatchObject([
    { events: [{ seq: 1 }], ended: "removed" },
    { start: 8, events: [{ seq: 9 }], ended: "open" },
  ]);
  notebook.remove("r7");
  notebook.add("r7", event(10));
  expect(notebook.toFollowed().spans[1]).toMatchObject({ events: [{ seq: 9 }, { seq: 10 }], ended: "open" });
});

test("a follower has settled when all that is still open has come to its end", () => {
  const heads = new Map([
    ["r7", 3],
    ["r8", 1],
  ]);
  const notebook = following(0, 1, 2);
  expect(notebook.hasReached(heads)).toBe(false);
  notebook.add("r7", event(3));
  expect(notebook.hasReached(heads)).toBe(true);
  notebook.begin("r8", 0, "snapshot");
  expect(notebook.hasReached(heads)).toBe(false);
  notebook.remove("r8");
  expect(notebook.hasReached(heads)).toBe(true);
});
