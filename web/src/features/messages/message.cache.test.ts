import { describe, expect, it } from "@jest/globals";
import { apply, cacheWith, deleted, JANE, messageOf, shownMessages } from "../../test/events.js";
import { forgetMessages, holdDeleted, isKnownDeleted, trimRoom } from "./message.cache.js";

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

describe("what is known of a deletion", () => {
  it("goes with the message, also of one that was never loaded", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)]);
    apply(cache, deleted(11, 1, null), deleted(12, 42, null));
    expect([isKnownDeleted(cache, "1"), isKnownDeleted(cache, "42")]).toEqual([true, true]);
    trimRoom(cache, "1");
    expect(Object.keys(cache.extract()).filter((id) => id.startsWith("ChatMessage:"))).toEqual([]);
  });

  it("stays for as long as somebody holds on to it", () => {
    const cache = cacheWith([]);
    const letGo = holdDeleted(cache, "42");
    apply(cache, deleted(11, 42, null));
    trimRoom(cache, "1");
    expect(isKnownDeleted(cache, "42")).toBe(true);
    letGo();
    trimRoom(cache, "1");
    expect(isKnownDeleted(cache, "42")).toBe(false);
  });
});

describe("a start from a fresh snapshot", () => {
  it("holds on to nothing of a message whose id may be another's now", () => {
    const cache = cacheWith([messageOf(1, JANE, 0)]);
    forgetMessages(cache);
    expect(cache.extract()).not.toHaveProperty("ChatMessage:1");
    expect(cache.extract()["ChatRoom:1"]).not.toHaveProperty("messages");
    expect(cache.extract()["ChatRoom:1"]).toHaveProperty("displayName");
  });
});
