import { describe, expect, it } from "@jest/globals";
import { at, cacheWith, JANE, JOHN, messageOf, shownMessages } from "../../test/events.js";
import { applyEvent } from "../events/apply-event.js";
import { trimRoom, writeAnswered } from "./message.cache.js";

const edited = (content: string, minutes: number) =>
  messageOf(1, JOHN, 0, { content, isEdited: true, editedAt: at(minutes), updatedAt: at(minutes) });

describe("the answer to an edit", () => {
  it("shows the text at once", () => {
    const cache = cacheWith([messageOf(1, JOHN, 0)]);
    writeAnswered(cache, edited("mine", 1));
    expect(shownMessages(cache)).toMatchObject([{ content: "mine", isEdited: true }]);
  });

  it("takes nothing back of a later edit that an event has told meanwhile", () => {
    const cache = cacheWith([messageOf(1, JOHN, 0)]);
    const room = { __typename: "ChatRoom", id: "1" } as const;
    const message = { ...edited("the later one", 2), room };
    applyEvent(cache, { __typename: "ChatMessageEdited", cursor: "room1:11", seq: 11, message }, { id: JOHN.id });
    writeAnswered(cache, edited("mine", 1));
    expect(shownMessages(cache)).toMatchObject([{ content: "the later one" }]);
  });
});

describe("a room that is left", () => {
  it("keeps its newest messages", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)]);
    trimRoom(cache, "1");
    expect(shownMessages(cache)).toHaveLength(1);
  });

  it("keeps nothing of a window in the past, so that it opens at the newest message", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)], false);
    trimRoom(cache, "1");
    expect(cache.extract()["ChatRoom:1"]).not.toHaveProperty("messages");
    expect(cache.extract()["ChatRoom:1"]).toHaveProperty("displayName");
  });
});
