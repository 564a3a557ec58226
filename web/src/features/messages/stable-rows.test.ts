import { describe, expect, it } from "@jest/globals";
import { at, JANE, messageOf } from "../../test/events.js";
import type { FeedMessage } from "./message-edge.graphql.js";
import { createRowKeeper } from "./stable-rows.js";
import { buildTimeline } from "./timeline.js";

/** As the cache is read each time: other objects, which say the same. */
const messages = (count: number): readonly FeedMessage[] =>
  Array.from({ length: count }, (_, index) => ({ ...messageOf(index + 1, JANE, index) }));

const timeline = (read: readonly FeedMessage[]) =>
  buildTimeline({
    messages: read,
    pending: [],
    viewerId: "1",
    hasNewer: false,
    hasOlder: false,
    firstUnreadId: null,
  });

describe("the rows of a feed that is read again", () => {
  const before = timeline(messages(3));

  /** The rows of a second reading, by whoever has read these before. */
  const keepRows = (rows: typeof before) => {
    const keep = createRowKeeper();
    keep(before);
    return keep(rows);
  };

  it("are the same as before where nothing has changed", () => {
    const keep = createRowKeeper();
    const first = keep(before);
    expect(keep(timeline(messages(3)))).toBe(first);
  });

  it("stay when a message comes, which has a row of its own", () => {
    const after = keepRows(timeline(messages(4)));
    expect(after).toHaveLength(4);
    for (const [index, row] of before.entries()) expect(after[index]).toBe(row);
  });

  it("are others from where their place in a group has changed", () => {
    const [first, ...rest] = messages(3);
    const after = keepRows(
      timeline([{ ...messageOf(0, JANE, -60), createdAt: at(-1) }, ...(first ? [first] : []), ...rest]),
    );
    expect(after[1]).not.toBe(before[0]);
    expect(after[2]).toBe(before[1]);
  });

  it("are others when a picture turns out to have another size", () => {
    const [first, ...rest] = messages(3);
    const attachment = { __typename: "ChatAttachment", width: 4, height: 3 } as const;
    const after = keepRows(timeline(first ? [{ ...first, attachment }, ...rest] : []));
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });
});
