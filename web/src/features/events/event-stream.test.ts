import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { Shell } from "../../app/shell.graphql.js";
import { added, createStream, joined, left, ready, removed } from "../../test/event-stream.js";
import { JANE, JOHN, messageOf, sent, shownRooms } from "../../test/events.js";
import { setCounts } from "../receipts/receipt.cache.js";
import { readCounts } from "../rooms/room.cache.js";
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

  it("comes back soon after a quiet hour, however often the connection was lost before", async () => {
    const { stream, asked, push, fail } = createStream();
    for (let loss = 1; loss <= 8; loss++) {
      await fail({ code: 1006, reason: "" });
      await jest.advanceTimersByTimeAsync(10_000);
    }
    expect(asked).toHaveLength(9);
    await push(ready);
    await jest.advanceTimersByTimeAsync(3_600_000);
    await fail({ code: 1001, reason: "" });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveLength(10);
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

  it("tells whoever listens what has been told of meanwhile, and nothing of what came before or after", async () => {
    const { stream, push } = createStream();
    const textOf = (event: ChatEvent) => (event.__typename === "ChatMessageSent" ? event.message.content : null);
    const first = stream.listenFor(textOf);
    await push(ready, sent(11, messageOf(2, JANE, 1)));
    const second = stream.listenFor(textOf);
    first.end();
    await push(sent(12, messageOf(3, JANE, 2)));
    const told = ({ wasToldOf }: typeof first) => Promise.all(["message 2", "message 3"].map(wasToldOf));
    expect([await told(first), await told(second)]).toEqual([
      [true, false],
      [false, true],
    ]);
    stream.stop();
  });

  it("tells whoever listens since before a fresh snapshot that everything was told of", async () => {
    const { stream, push, fail } = createStream();
    const before = stream.listenFor(() => null);
    await push(ready);
    await fail([{ message: "Too old", extensions: { code: "RESYNC_REQUIRED" } }]);
    const after = stream.listenFor(() => null);
    expect([await before.wasToldOf("anything"), await after.wasToldOf("anything")]).toEqual([true, false]);
    stream.stop();
  });

  it("shows nothing as unread that somebody who listens says is seen at once", async () => {
    const { stream, push, cache } = createStream();
    const shown: (number | undefined)[] = [];
    const callback = (): void => void shown.push(readCounts(cache, "1")?.unreadCount);
    cache.watch({ query: Shell, variables: { after: null }, optimistic: true, callback });
    stream.listen((event) => {
      if (event.__typename === "ChatMessageSent") setCounts(cache, "1", { unreadCount: 0, unreadMentionCount: 0 });
    });
    await push(ready, sent(11, messageOf(2, JANE, 1)), sent(12, messageOf(3, JANE, 2)));
    expect(shown).toEqual([0]);
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

  it("keeps it as well when something that was missed before the loss comes between the two", async () => {
    const { stream, push, cache } = createStream();
    const missed = sent(11, messageOf(2, JANE, 1));
    await push(ready, left(6), missed, joined(7, 14), removed(12, JOHN), added(13, JOHN));
    expect(shownRooms(cache)).toMatchObject([{ id: "1", headSeq: 14 }]);
    await push(sent(14, messageOf(3, JANE, 2)), sent(15, messageOf(4, JANE, 3)));
    expect(shownRooms(cache)).toMatchObject([{ id: "1", headSeq: 15, unreadCount: 1 }]);
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
