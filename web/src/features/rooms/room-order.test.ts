import { describe, expect, it } from "@jest/globals";
import { byActivity, neighbourOf } from "./room-order.js";

const ROOMS = [
  { id: "1", isUnread: true },
  { id: "2", isUnread: false },
  { id: "3", isUnread: true },
];

describe("the order of rooms", () => {
  it("has the latest activity first", () => {
    const rooms = [
      { id: "old", updatedAt: "2026-01-01T00:00:00Z" },
      { id: "new", updatedAt: "2026-01-01T00:00:00.5Z" },
    ];
    expect(byActivity(rooms).map(({ id }) => id)).toEqual(["new", "old"]);
  });

  it("goes to the room above and below, and around at the ends", () => {
    expect([neighbourOf(ROOMS, "2", -1)?.id, neighbourOf(ROOMS, "2", 1)?.id]).toEqual(["1", "3"]);
    expect([neighbourOf(ROOMS, "1", -1)?.id, neighbourOf(ROOMS, "3", 1)?.id]).toEqual(["3", "1"]);
  });

  it("begins at the first or the last when no room is open", () => {
    expect([neighbourOf(ROOMS, null, 1)?.id, neighbourOf(ROOMS, null, -1)?.id]).toEqual(["1", "3"]);
  });

  it("passes over the rooms that are not wanted, and stays when there is no other", () => {
    expect(neighbourOf(ROOMS, "1", 1, (room) => room.isUnread)?.id).toBe("3");
    expect(neighbourOf(ROOMS, "1", 1, (room) => room.id === "1")).toBeNull();
    expect(neighbourOf([], null, 1)).toBeNull();
  });
});
