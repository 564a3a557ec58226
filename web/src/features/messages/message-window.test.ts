import { describe, expect, it } from "@jest/globals";
import {
  compareMessages,
  insertIntoWindow,
  mergePage,
  newestPart,
  oldestPart,
  removeFromWindow,
  WINDOW_MAX,
  type StoredWindow,
} from "./message-window.js";

function windowOf(ids: readonly number[], hasPreviousPage: boolean, hasNextPage: boolean): StoredWindow {
  return {
    __typename: "ChatMessageConnection",
    edges: ids.map((id) => ({ __typename: "ChatMessageEdge", cursor: `c${id}`, node: { __ref: String(id) } })),
    pageInfo: {
      __typename: "PageInfo",
      hasPreviousPage,
      hasNextPage,
      startCursor: `c${ids[0]}`,
      endCursor: `c${ids.at(-1)}`,
    },
  };
}

const refs = (window: StoredWindow): number[] => window.edges.map((edge) => Number(edge.node.__ref));
const placeOf = (id: number) => ({ id: String(id), createdAt: new Date(id * 1000).toISOString() });
const insert = (window: StoredWindow, id: number): StoredWindow =>
  insertIntoWindow(window, { ...placeOf(id), ref: { __ref: String(id) } }, (node) => placeOf(Number(node.__ref)));

describe("a room’s window of messages", () => {
  it("grows by older and newer pages, each once", () => {
    const start = windowOf([5, 6], true, true);
    const older = mergePage(start, windowOf([3, 4, 5], false, true), { last: 3, before: "c5" });
    const whole = mergePage(older, windowOf([7], true, false), { first: 1, after: "c6" });
    expect(refs(whole)).toEqual([3, 4, 5, 6, 7]);
    expect(whole.pageInfo).toMatchObject({
      hasPreviousPage: false,
      hasNextPage: false,
      startCursor: "c3",
      endCursor: "c7",
    });
  });

  it("drops a page that does not touch it any more", () => {
    const start = windowOf([5, 6], true, true);
    expect(mergePage(start, windowOf([1], false, true), { last: 1, before: "c2" })).toBe(start);
  });

  it("is replaced by the newest page, and by one around a message", () => {
    const start = windowOf([5, 6], true, true);
    expect(refs(mergePage(start, windowOf([8, 9], true, false), { last: 2 }))).toEqual([8, 9]);
    expect(refs(mergePage(start, windowOf([1, 2], true, true), { around: "1" }))).toEqual([1, 2]);
  });

  it("takes a new message only when it reaches the newest, in order and once", () => {
    expect(refs(insert(windowOf([5, 7], true, false), 8))).toEqual([5, 7, 8]);
    expect(refs(insert(windowOf([5, 7], true, false), 6))).toEqual([5, 6, 7]);
    expect(refs(insert(windowOf([5, 7], true, false), 7))).toEqual([5, 7]);
    expect(refs(insert(windowOf([5, 7], true, true), 8))).toEqual([5, 7]);
  });

  it("leaves out what belongs to older pages that are not loaded", () => {
    expect(refs(insert(windowOf([5, 7], true, false), 1))).toEqual([5, 7]);
    expect(refs(insert(windowOf([5, 7], false, false), 1))).toEqual([1, 5, 7]);
  });

  it("can keep its newest part alone, and knows that it has yet to ask for the cursor of an event", () => {
    const whole = windowOf([1, 2, 3, 4, 5], false, false);
    expect(refs(newestPart(whole, 2))).toEqual([4, 5]);
    expect(newestPart(whole, 2).pageInfo).toMatchObject({ hasPreviousPage: true, startCursor: "c4" });
    const live = { ...whole, edges: whole.edges.map((edge) => ({ ...edge, cursor: "" })) };
    expect(newestPart(live, 2).pageInfo).toMatchObject({ hasPreviousPage: true, startCursor: null });
    expect(newestPart(whole, 5)).toBe(whole);
  });

  it("can keep its oldest part alone, up to where newer pages can be asked for", () => {
    const whole = windowOf([1, 2, 3, 4, 5], false, false);
    const edges = whole.edges.map((edge, index) => (index > 1 ? { ...edge, cursor: "" } : edge));
    const part = oldestPart({ ...whole, edges }, 4);
    expect(refs(part)).toEqual([1, 2]);
    expect(part.pageInfo).toMatchObject({ hasNextPage: true, endCursor: "c2" });
    expect(oldestPart(whole, 5)).toBe(whole);
  });

  it("does not grow without end while one scrolls: what is far from the new page goes", () => {
    const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
    const full = windowOf(ids(51, WINDOW_MAX), true, false);
    const older = mergePage(full, windowOf(ids(1, 50), false, true), { last: 50, before: "c51" });
    expect(refs(older)).toEqual(ids(1, WINDOW_MAX));
    expect(older.pageInfo).toMatchObject({ hasNextPage: true, endCursor: `c${WINDOW_MAX}` });
    const back = mergePage(older, windowOf(ids(WINDOW_MAX + 1, 50), true, false), {
      first: 50,
      after: `c${WINDOW_MAX}`,
    });
    expect(refs(back)).toEqual(ids(51, WINDOW_MAX));
    expect(back.pageInfo).toMatchObject({ hasPreviousPage: true, startCursor: "c51", hasNextPage: false });
  });

  it("loses a deleted message", () => {
    expect(refs(removeFromWindow(windowOf([5, 7], true, false), "5"))).toEqual([7]);
  });

  it("orders by time, then by number", () => {
    expect(compareMessages(placeOf(9), placeOf(10))).toBeLessThan(0);
    const { createdAt } = placeOf(1);
    expect(compareMessages({ id: "9", createdAt }, { id: "10", createdAt })).toBeLessThan(0);
  });
});
