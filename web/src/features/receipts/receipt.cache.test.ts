import { expect, it } from "@jest/globals";
import { at, cacheWith, JANE, JOHN, participantOf, roomOf } from "../../test/events.js";
import { readLastRead } from "./receipt.cache.js";

it("takes what was there before a new member came as read", () => {
  const john = { ...participantOf(1, JOHN), joinedAt: at(5), lastReadMessageId: "3" };
  const jane = { ...participantOf(2, JANE), lastReadAt: at(9), lastReadMessageId: "4" };
  const cache = cacheWith([], true, roomOf("1", { participants: [john, jane] }));
  expect(readLastRead(cache, "1", JOHN.id)).toEqual({ at: at(5), messageId: "3" });
  expect(readLastRead(cache, "1", JANE.id)).toEqual({ at: at(9), messageId: "4" });
  expect(readLastRead(cache, "1", "3")).toBeNull();
});

it("takes everything as unread for who has read nothing and came before it, whenever it was written", () => {
  const john = { ...participantOf(1, JOHN), joinedAt: at(5) };
  const cache = cacheWith([], true, roomOf("1", { participants: [john] }));
  expect(readLastRead(cache, "1", JOHN.id)).toEqual({ at: null, messageId: null });
});
