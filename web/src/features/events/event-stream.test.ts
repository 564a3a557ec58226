import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { added, createStream, joined, left, ready, removed } from "../../test/event-stream.js";
import { JANE, JOHN, messageOf, sent, shownRooms } from "../../test/events.js";
import type { ChatEvent } from "./chat-events.graphql.js";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe("the stream of events", () => {
  it("begins where the snapshot was taken, and is online when the server says so", async () => {
    const { stream, asked, push } = createStream();
    expect(asked).toEqual([["room1:10", "viewer:5"]]);
    expect(stream.connection.get()).toBe("connecting");
    await push(ready);
    expect(stream.connection.get()).toBe("online");
    stream.stop();
  });

  it("resumes after a lost connection from what was handled, and shows everything once", async () => {
    const { stream, asked, push, fail, texts } = createStream();
    await push(ready, sent(11, messageOf(2, JANE, 1)));
    await fail({ code: 1006, reason: "" });
    expect(stream.connection.get()).toBe("offline");
    await jest.advanceTimersByTimeAsync(10_000);
    expect(asked[1]).toEqual(["room1:11", "viewer:5"]);
    await push(ready, sent(11, messageOf(2, JANE, 1)), sent(12, messageOf(3, JANE, 2)));
    expect(texts()).toEqual(["message 1", "message 2", "message 3"]);
    stream.stop();
  });

  it("shows all that was written in a room that is known already when the news of joining it come late", async () => {
    const { stream, push, texts, loadSnapshot } = createStream();
    await push(ready, joined(6, 12), sent(11, messageOf(2, JANE, 1)), sent(12, messageOf(3, JANE, 2)));
    expect(texts()).toEqual(["message 1", "message 2", "message 3"]);
    expect(loadSnapshot).not.toHaveBeenCalled();
    stream.stop();
  });

  it("handles what had arrived before the connection was lost", async () => {
    const { stream, push, fail, texts, asked } = createStream();
    await push(ready);
    const pushed = push(sent(11, messageOf(2, JANE, 1)));
    await fail({ code: 1001, reason: "" });
    await pushed;
    await jest.advanceTimersByTimeAsync(10_000);
    expect(texts()).toEqual(["message 1", "message 2"]);
    expect(asked[1]).toEqual(["room1:11", "viewer:5"]);
    stream.stop();
  });

  it("comes back at once when the browser says it is online", async () => {
    const { stream, asked, push, fail } = createStream();
    await push(ready);
    await fail({ code: 1006, reason: "" });
    window.dispatchEvent(new Event("online"));
    expect(asked).toHaveLength(2);
    stream.stop();
  });

  it("asks again from what it holds when an event is missing, and applies nothing beyond the gap", async () => {
    const { stream, push, texts, loadSnapshot, asked } = createStream();
    await push(ready, sent(12, messageOf(3, JANE, 2)));
    expect(texts()).toEqual(["message 1"]);
    expect(asked[1]).toEqual(["room1:10", "viewer:5"]);
    await push(ready, sent(11, messageOf(2, JANE, 1)), sent(12, messageOf(3, JANE, 2)));
    expect(texts()).toEqual(["message 1", "message 2", "message 3"]);
    expect(loadSnapshot).not.toHaveBeenCalled();
    stream.stop();
  });

  it("reads everything afresh when the missing event does not come then either", async () => {
    const { stream, push, texts, loadSnapshot, asked } = createStream();
    await push(ready, sent(12, messageOf(3, JANE, 2)));
    await push(ready, sent(12, messageOf(3, JANE, 2)));
    expect(texts()).toEqual(["message 1"]);
    expect(loadSnapshot).toHaveBeenCalledTimes(1);
    expect(asked[2]).toEqual(["viewer:9"]);
    stream.stop();
  });

  it("reads everything afresh when the cursors can't be resumed", async () => {
    const { stream, fail, loadSnapshot } = createStream();
    await fail([{ message: "Too old", extensions: { code: "RESYNC_REQUIRED" } }]);
    expect(loadSnapshot).toHaveBeenCalledTimes(1);
    stream.stop();
  });

  it("ends the session when the token is refused, and does not knock again", async () => {
    const { stream, fail, onUnauthenticated, asked } = createStream();
    await fail({ code: 4401, reason: "" });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(onUnauthenticated).toHaveBeenCalledTimes(1);
    expect(asked).toHaveLength(1);
    stream.stop();
  });

  it("tells whoever listens for an event whether it has been applied", async () => {
    const { stream, push } = createStream();
    const isSent = (event: ChatEvent): boolean => event.__typename === "ChatMessageSent";
    const [before, after] = [stream.listenFor(isSent), stream.listenFor(isSent)];
    await push(ready);
    expect(before()).toBe(false);
    await push(sent(11, messageOf(2, JANE, 1)));
    expect(after()).toBe(true);
    stream.stop();
  });

  it("keeps a room that was left and joined again, whatever of it comes late", async () => {
    const { stream, push, fail, cache, asked, onEffect } = createStream();
    await push(ready, left(6), joined(7, 12), sent(13, messageOf(4, JANE, 3)), removed(11, JOHN), added(12, JOHN));
    expect(shownRooms(cache)).toMatchObject([{ id: "1", headSeq: 13, unreadCount: 1, lastMessage: { id: "4" } }]);
    expect(onEffect).not.toHaveBeenCalled();
    await fail({ code: 1006, reason: "" });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(asked[1]).toEqual(["viewer:7", "room1:13"]);
    stream.stop();
  });

  it("keeps it as well when the return comes with a later flush, and tells of the loss once", async () => {
    const { stream, push, cache, onEffect } = createStream();
    await push(ready, left(6));
    expect(onEffect.mock.calls).toMatchObject([[{ kind: "roomGone", roomId: "1" }]]);
    await push(joined(7, 12), sent(13, messageOf(4, JANE, 3)), removed(11, JOHN), added(12, JOHN));
    expect(shownRooms(cache)).toMatchObject([{ id: "1", headSeq: 13, unreadCount: 1 }]);
    expect(onEffect).toHaveBeenCalledTimes(1);
    stream.stop();
  });

  it("keeps it as well when the room’s own events come first", async () => {
    const { stream, push, cache, onEffect, loadSnapshot } = createStream();
    await push(ready, removed(11, JOHN), added(12, JOHN), left(6), joined(7, 12), sent(13, messageOf(4, JANE, 3)));
    expect(shownRooms(cache)).toMatchObject([{ id: "1", headSeq: 13, unreadCount: 1 }]);
    expect(onEffect).not.toHaveBeenCalled();
    expect(loadSnapshot).not.toHaveBeenCalled();
    stream.stop();
  });

  it("ends the subscription of an event that fails, and asks for it less and less often", async () => {
    const random = jest.spyOn(Math, "random").mockReturnValue(1);
    const { stream, push, refuse, dispose, asked } = createStream();
    for (const waitMs of [1_000, 2_000, 4_000]) {
      await push(ready);
      const before = asked.length;
      refuse();
      await jest.advanceTimersByTimeAsync(waitMs - 1);
      expect(asked).toHaveLength(before);
      await jest.advanceTimersByTimeAsync(1);
      expect(asked).toHaveLength(before + 1);
    }
    expect(dispose).toHaveBeenCalledTimes(3);
    random.mockRestore();
    stream.stop();
  });

  it("forgets typing when nobody ends it", async () => {
    const { stream, push, cache } = createStream();
    const user = { __typename: "User", id: JANE.id, chatDisplayName: JANE.chatDisplayName } as const;
    await push(ready, { __typename: "ChatTypingChanged", cursor: null, seq: null, roomId: "1", isTyping: true, user });
    const typing = () => cache.extract()["ChatRoom:1"]?.["typingUsers"];
    expect(typing()).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(6_000);
    expect(typing()).toHaveLength(0);
    stream.stop();
  });
});
