import { describe, expect, it } from "@jest/globals";
import {
  apply,
  at,
  cacheWith,
  deleted,
  JANE,
  JOHN,
  messageOf,
  participantOf,
  pictureOf,
  roomOf,
  sent,
  shownMessages,
  shownRooms,
} from "../../test/events.js";
import { RoomMedia } from "../attachments/media-epoch.js";
import { EventMessage, type ChatEvent } from "./chat-events.graphql.js";

const ids = (cache: ReturnType<typeof cacheWith>): string[] => shownMessages(cache).map((message) => message.id);
const room = (cache: ReturnType<typeof cacheWith>) => shownRooms(cache)[0];

describe("a message that was sent", () => {
  it("appears at the end, counts as unread and moves the room", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)]);
    apply(cache, sent(11, messageOf(2, JANE, 1)));
    expect(ids(cache)).toEqual(["1", "2"]);
    expect(room(cache)).toMatchObject({ unreadCount: 1, headSeq: 11, updatedAt: at(1), lastMessage: { id: "2" } });
  });

  it("changes nothing when it comes twice", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)]);
    const event = sent(11, messageOf(2, JANE, 1));
    apply(cache, event);
    const before = cache.extract();
    apply(cache, event);
    expect(cache.extract()).toEqual(before);
  });

  it("is not counted when the snapshot had it already", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)], true, roomOf("1", { headSeq: 12, unreadCount: 3 }));
    apply(cache, sent(12, messageOf(2, JANE, 1)));
    expect(room(cache)).toMatchObject({ unreadCount: 3, headSeq: 12 });
  });

  it("reads everything when it is one’s own, from another tab", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)], true, roomOf("1", { unreadCount: 3, unreadMentionCount: 1 }));
    apply(cache, sent(11, messageOf(2, JOHN, 1)));
    expect(room(cache)).toMatchObject({ unreadCount: 0, unreadMentionCount: 0 });
  });

  it("counts a mention of the viewer", () => {
    const cache = cacheWith([]);
    apply(cache, sent(11, messageOf(2, JANE, 1, { mentions: [JOHN] })));
    expect(room(cache)).toMatchObject({ unreadCount: 1, unreadMentionCount: 1 });
  });

  it("stays out of a window that does not reach the newest message", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)], false);
    apply(cache, sent(11, messageOf(2, JANE, 1)));
    expect(ids(cache)).toEqual(["1"]);
    expect(room(cache)).toMatchObject({ unreadCount: 1, lastMessage: { id: "2" } });
  });

  it("goes to its place by time when an answer has brought newer ones", () => {
    const cache = cacheWith([messageOf(1, JANE, 0), messageOf(3, JANE, 3)]);
    apply(cache, sent(11, messageOf(2, JANE, 2)));
    expect(ids(cache)).toEqual(["1", "2", "3"]);
  });

  it("keeps the author’s key, which the event may lack", () => {
    const cache = cacheWith([messageOf(1, JOHN, 0, { clientMutationId: "key" })]);
    apply(cache, sent(11, messageOf(1, JOHN, 0)));
    expect(shownMessages(cache)).toMatchObject([{ id: "1", clientMutationId: "key" }]);
  });
});

describe("a message that an answer told of before its event", () => {
  it("is shown whole, though the answer had no reactions", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)]);
    const answered = messageOf(2, JOHN, 1, { clientMutationId: "key" });
    cache.writeFragment({ id: "ChatMessage:2", fragment: EventMessage, fragmentName: "EventMessage", data: answered });
    apply(cache, sent(11, answered));
    expect(shownMessages(cache)).toMatchObject([{ id: "1" }, { id: "2", reactionGroups: [] }]);
  });
});

describe("a message with a file", () => {
  const answered = messageOf(2, JANE, 1, { content: "", type: "IMAGE", attachment: pictureOf("plan.png") });

  it("is the same whether an event told of it or an answer", () => {
    const followed = cacheWith([messageOf(1, JANE, 0)]);
    apply(followed, sent(11, answered));
    expect(shownMessages(followed)).toEqual(shownMessages(cacheWith([messageOf(1, JANE, 0), answered])));
    expect(room(followed)).toMatchObject({ lastMessage: { content: "", attachment: { name: "plan.png" } } });
  });

  it("keeps its file when its words are changed, under the addresses of the event", () => {
    const followed = cacheWith([answered]);
    const edited = { ...answered, content: "The plan", isEdited: true, attachment: pictureOf("plan.png", 2) };
    apply(followed, {
      __typename: "ChatMessageEdited",
      cursor: "c",
      seq: 11,
      message: { ...edited, room: { __typename: "ChatRoom", id: "1" } },
    });
    expect(shownMessages(followed)).toEqual(shownMessages(cacheWith([edited])));
  });

  it("keeps its addresses when a room’s head asks for its name alone", () => {
    const followed = cacheWith([]);
    apply(followed, sent(11, answered));
    const { __typename, name } = pictureOf("plan.png");
    const lastMessage = { ...answered, attachment: { __typename, name } };
    apply(followed, {
      __typename: "ChatRoomJoined",
      cursor: "c",
      seq: 6,
      room: roomOf("1", { headSeq: 11, lastMessage }),
    });
    expect(shownMessages(followed)).toMatchObject([{ attachment: pictureOf("plan.png") }]);
  });

  it("has to be asked for anew once somebody was removed from its room, however often that is told", () => {
    const followed = cacheWith([answered]);
    const epoch = () => followed.readFragment({ id: "ChatRoom:1", fragment: RoomMedia })?.mediaEpoch;
    const removed = {
      __typename: "ChatParticipantRemoved",
      cursor: "c",
      seq: 11,
      roomId: "1",
      participant: participantOf(2, JANE),
      owner: { __typename: "User", id: "1" },
      room: { __typename: "ChatRoomActivity", id: "1", updatedAt: at(3) },
    } as const;
    expect(epoch()).toBe(0);
    apply(followed, removed, { ...removed, seq: 12 }, removed);
    expect(epoch()).toBe(12);
  });
});

describe("a message that was changed", () => {
  it("is edited in place and keeps its reactions", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)]);
    apply(cache, {
      __typename: "ChatReactionAdded",
      cursor: "c",
      seq: 11,
      roomId: "1",
      messageId: "1",
      reaction: { __typename: "MessageReaction", id: "1", emoji: "👍", user: JOHN },
      group: { __typename: "ChatReactionCount", emoji: "👍", count: 1 },
    });
    const edited = messageOf(1, JANE, 0, { content: "better", isEdited: true, editedAt: at(2) });
    apply(cache, {
      __typename: "ChatMessageEdited",
      cursor: "c",
      seq: 12,
      message: { ...edited, room: { __typename: "ChatRoom", id: "1" } },
    });
    expect(shownMessages(cache)).toMatchObject([
      { content: "better", isEdited: true, reactionGroups: [{ emoji: "👍", count: 1, viewerHasReacted: true }] },
    ]);
  });

  it("disappears when deleted, and the counts are asked for when some were unread", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)]);
    apply(cache, sent(11, messageOf(2, JANE, 1)));
    const effects = apply(cache, deleted(12, 2, messageOf(1, JANE, 0)));
    expect(ids(cache)).toEqual(["1"]);
    expect(room(cache)).toMatchObject({ lastMessage: { id: "1" } });
    expect(effects).toEqual([{ kind: "recount", roomId: "1" }]);
  });
});

describe("a room", () => {
  it("appears by itself when one is added, and goes with a notice when one is removed", () => {
    const cache = cacheWith([]);
    apply(cache, { __typename: "ChatRoomJoined", cursor: "c", seq: 6, room: roomOf("2") });
    expect(shownRooms(cache).map(({ id }) => id)).toEqual(["1", "2"]);
    const left: ChatEvent = { __typename: "ChatRoomLeft", cursor: "c", seq: 7, roomId: "2" };
    expect(apply(cache, left, left)).toEqual([{ kind: "roomGone", roomId: "2", name: "Room 2", reason: "removed" }]);
    expect(shownRooms(cache).map(({ id }) => id)).toEqual(["1"]);
  });

  it("follows who comes, who goes and who owns it", () => {
    const cache = cacheWith([]);
    const event = {
      cursor: "c",
      roomId: "1",
      participant: participantOf(2, JANE),
      owner: { __typename: "User", id: "1" },
      room: { __typename: "ChatRoomActivity", id: "1", updatedAt: at(3) },
    } as const;
    apply(cache, { ...event, __typename: "ChatParticipantRemoved", seq: 11 });
    expect(room(cache)?.participants.map(({ user }) => user.id)).toEqual(["1"]);
    apply(cache, { ...event, __typename: "ChatParticipantAdded", seq: 12 });
    expect(room(cache)?.participants.map(({ user }) => user.id)).toEqual(["1", "2"]);
    expect(room(cache)).toMatchObject({ updatedAt: at(3), headSeq: 12 });
  });

  it("is shown under its new name", () => {
    const cache = cacheWith([]);
    const renamed = { __typename: "ChatRoom", id: "1", name: "New", type: "GROUP", updatedAt: at(1) } as const;
    apply(cache, { __typename: "ChatRoomChanged", cursor: "c", seq: 11, room: renamed });
    expect(room(cache)).toMatchObject({ name: "New", displayName: "New" });
  });
});

describe("reading", () => {
  const read = (headSeq: number, unreadCount: number): ChatEvent => ({
    __typename: "ChatRoomRead",
    cursor: "c",
    seq: 6,
    roomId: "1",
    userId: JOHN.id,
    lastReadAt: at(1),
    lastReadMessageId: "2",
    unread: { __typename: "ChatUnread", headSeq, unreadCount, unreadMentionCount: 0 },
  });

  it("clears the badge in every tab", () => {
    const cache = cacheWith([]);
    apply(cache, sent(11, messageOf(2, JANE, 1, { mentions: [JOHN] })), read(11, 0));
    expect(room(cache)).toMatchObject({ unreadCount: 0, unreadMentionCount: 0 });
  });

  it("asks for the counts when they are older than what was applied", () => {
    const cache = cacheWith([]);
    expect(apply(cache, sent(11, messageOf(2, JANE, 1)), read(10, 0))).toEqual([{ kind: "recount", roomId: "1" }]);
    expect(room(cache)).toMatchObject({ unreadCount: 1 });
  });

  it("counts no message twice when the counts are ahead of the events", () => {
    const cache = cacheWith([]);
    apply(cache, read(12, 2), sent(11, messageOf(2, JANE, 1)), sent(12, messageOf(3, JANE, 2)));
    expect(room(cache)).toMatchObject({ unreadCount: 2, lastMessage: { id: "3" } });
  });
});
