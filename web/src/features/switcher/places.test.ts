import { describe, expect, it } from "@jest/globals";
import { rankPlaces, type Place } from "./places.js";

function room(id: string, name: string, updatedAt: string): Place {
  const counts = { unreadCount: 0, mentionCount: 0 };
  return { kind: "room", id, avatarId: id, name, detail: "Apollo", isDirect: false, updatedAt, ...counts };
}

const PLACES: readonly Place[] = [
  { kind: "person", id: "7", avatarId: "7", name: "Release Manager", detail: "rita", projectId: "1" },
  room("1", "Design", "2026-01-01T00:00:00Z"),
  room("2", "Releases", "2026-01-03T00:00:00Z"),
  room("3", "Release notes", "2026-01-02T00:00:00Z"),
];

function namesFor(typed: string, recentIds: readonly string[] = [], openRoomId: string | null = null) {
  return rankPlaces(PLACES, { typed, recentIds, openRoomId }).map(({ name }) => name);
}

describe("the switcher's list", () => {
  it("begins with the rooms that were opened last, then those with the latest activity, then people", () => {
    expect(namesFor("", ["1"])).toEqual(["Design", "Releases", "Release notes", "Release Manager"]);
  });

  it("puts the open room behind the others, so that Enter goes back to the one before", () => {
    expect(namesFor("", ["2", "1"], "2")).toEqual(["Design", "Release notes", "Releases", "Release Manager"]);
  });

  it("has the best fit first, whatever was opened last", () => {
    expect(namesFor("release", ["2"])).toEqual(["Release notes", "Release Manager", "Releases"]);
  });

  it("finds people by their usernames too", () => {
    expect(namesFor("rita")).toEqual(["Release Manager"]);
  });
});
