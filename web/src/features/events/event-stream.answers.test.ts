import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { added, createStream, joined, left, ready, removed } from "../../test/event-stream.js";
import { deleted, JANE, JOHN, messageOf, sent, shownRooms } from "../../test/events.js";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe("an answer beside the stream of events", () => {
  it("is not set back by an older answer that comes before the subscription has begun", async () => {
    const { stream, push, loadSnapshot, asked } = createStream();
    stream.acceptHeads([{ roomId: "1", cursor: "room1:8", seq: 8 }]);
    await push();
    // Nothing that has come since can be laid over it.
    expect(loadSnapshot).toHaveBeenCalledTimes(1);
    expect(asked[1]).toEqual(["viewer:9"]);
    stream.stop();
  });

  it("asks for what happened between an answer with a new room and a subscription that did not know of it", async () => {
    const { stream, push, asked } = createStream();
    stream.acceptHeads([{ roomId: "2", cursor: "room2:3", seq: 3 }]);
    const head = { __typename: "ChatStreamHead", roomId: "2", cursor: "room2:5", seq: 5 } as const;
    await push({ ...ready, heads: [...ready.heads, head] });
    expect(asked[1]).toEqual(["room1:10", "viewer:5", "room2:3"]);
    stream.stop();
  });

  it("lays newer events over an answer that was made before them", async () => {
    const { stream, push, cache } = createStream();
    await push(ready, sent(11, messageOf(2, JANE, 1)));
    cache.modify({ id: "ChatRoom:1", fields: { headSeq: () => 10, unreadCount: () => 0 } });
    stream.acceptHeads([{ roomId: "1", cursor: "room1:10", seq: 10 }]);
    await jest.advanceTimersByTimeAsync(0);
    expect(shownRooms(cache)[0]).toMatchObject({ headSeq: 11, unreadCount: 1 });
    stream.stop();
  });

  it("lays newer events over an answer before it counts one that came after them", async () => {
    const { stream, push, fail, cache } = createStream();
    await push(ready, sent(11, messageOf(2, JANE, 1)));
    const pushed = push(sent(12, messageOf(3, JANE, 2)));
    stream.acceptHeads([{ roomId: "1", cursor: "room1:10", seq: 10 }]);
    cache.modify({ id: "ChatRoom:1", fields: { headSeq: () => 10, unreadCount: () => 0 } });
    // What waits is applied now, before any timer.
    await fail({ code: 1006, reason: "" });
    await pushed;
    expect(shownRooms(cache)[0]).toMatchObject({ headSeq: 12, unreadCount: 2 });
    stream.stop();
  });

  it("asks for the counts again when an answer from before a deletion came after it", async () => {
    const { stream, push, cache, onEffect } = createStream();
    await push(ready, sent(11, messageOf(2, JANE, 1)), deleted(12, 2, messageOf(1, JANE, 0)));
    expect(onEffect).toHaveBeenCalledTimes(1);
    cache.modify({ id: "ChatRoom:1", fields: { headSeq: () => 11, unreadCount: () => 1 } });
    stream.acceptHeads([{ roomId: "1", cursor: "room1:11", seq: 11 }]);
    await jest.advanceTimersByTimeAsync(0);
    expect(onEffect.mock.calls).toEqual([[{ kind: "recount", roomId: "1" }], [{ kind: "recount", roomId: "1" }]]);
    stream.stop();
  });

  it("does not lay one’s own removal over an answer from before it", async () => {
    const { stream, push, cache, loadSnapshot } = createStream();
    await push(ready, removed(11, JOHN), added(12, JOHN), left(6), joined(7, 12));
    stream.acceptHeads([{ roomId: "1", cursor: "room1:10", seq: 10 }]);
    await jest.advanceTimersByTimeAsync(0);
    expect(shownRooms(cache)).toHaveLength(1);
    expect(loadSnapshot).toHaveBeenCalledTimes(1);
    stream.stop();
  });
});
