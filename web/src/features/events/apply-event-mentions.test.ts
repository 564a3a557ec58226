import { describe, expect, it } from "@jest/globals";
import { apply, cacheWith, JANE, JOHN, messageOf, roomOf, sent, shownMessages } from "../../test/events.js";
import type { ChatEvent } from "./chat-events.graphql.js";

describe("an edit", () => {
  const edited = (
    seq: number,
    mentions: readonly (typeof JOHN)[],
    user: typeof JANE | typeof JOHN = JANE,
  ): ChatEvent => ({
    __typename: "ChatMessageEdited",
    cursor: "c",
    seq,
    message: { ...messageOf(2, user, 1, { mentions: [...mentions] }), room: { __typename: "ChatRoom", id: "1" } },
  });
  const recount = [{ kind: "recount", roomId: "1" }];

  it("that mentions the viewer after all, or not any more, has the counts asked for", () => {
    const cache = cacheWith([]);
    apply(cache, sent(11, messageOf(2, JANE, 1)));
    expect(apply(cache, edited(12, [JOHN]))).toEqual(recount);
    expect(shownMessages(cache)).toMatchObject([{ mentions: [{ id: JOHN.id }] }]);
    expect(apply(cache, edited(13, []))).toEqual(recount);
  });

  it("of a message that is not loaded may have done so too", () => {
    const cache = cacheWith([], false, roomOf("1", { unreadCount: 3, unreadMentionCount: 1 }));
    expect(apply(cache, edited(11, []))).toEqual(recount);
  });

  it("that changes no mention of the viewer asks for nothing, nor one in a room that is read or counted later", () => {
    const cache = cacheWith([]);
    apply(cache, sent(11, messageOf(2, JANE, 1, { mentions: [JOHN] })));
    expect(apply(cache, edited(12, [JOHN]))).toEqual([]);
    const isRead = cacheWith([messageOf(2, JANE, 1)]);
    expect(apply(isRead, edited(11, [JOHN]))).toEqual([]);
    const isCounted = cacheWith([], true, roomOf("1", { headSeq: 12, unreadCount: 1 }));
    expect(apply(isCounted, edited(12, [JOHN]))).toEqual([]);
  });
});

describe("what wants the viewer’s attention", () => {
  const attention = {
    kind: "attention",
    roomId: "1",
    messageId: "2",
    author: "Jane Smith",
    roomName: "Room 1",
    text: "message 2",
  };

  it("is a message that names them, once", () => {
    const cache = cacheWith([]);
    const event = sent(11, messageOf(2, JANE, 1, { mentions: [JOHN] }));
    expect(apply(cache, event)).toEqual([attention]);
    expect(apply(cache, event)).toEqual([]);
  });

  it("is a message to them alone", () => {
    const cache = cacheWith([], true, roomOf("1", { type: "DIRECT" }));
    expect(apply(cache, sent(11, messageOf(2, JANE, 1)))).toEqual([{ ...attention, roomName: null }]);
  });

  it("is nothing else: no other message, none of their own, none that was counted before", () => {
    const cache = cacheWith([]);
    expect(apply(cache, sent(11, messageOf(2, JANE, 1, { mentions: [JANE] })))).toEqual([]);
    expect(apply(cache, sent(12, messageOf(3, JOHN, 2, { mentions: [JOHN] })))).toEqual([]);
    const isCounted = cacheWith([], true, roomOf("1", { headSeq: 11, unreadCount: 1, unreadMentionCount: 1 }));
    expect(apply(isCounted, sent(11, messageOf(2, JANE, 1, { mentions: [JOHN] })))).toEqual([]);
  });
});
