import { matchScore } from "./match.js";

interface PlaceBase {
  /** Of the person in a direct room, else of the room: what gives the avatar its colour. */
  readonly avatarId: string;
  readonly name: string;
  /** What is shown beside the name, and can be typed as well: a username, a project. */
  readonly detail: string;
}

export interface RoomPlace extends PlaceBase {
  readonly kind: "room";
  readonly id: string;
  readonly isDirect: boolean;
  readonly unreadCount: number;
  readonly mentionCount: number;
  readonly updatedAt: string;
}

export interface PersonPlace extends PlaceBase {
  readonly kind: "person";
  readonly id: string;
  readonly projectId: string;
}

/** Where one can go: a room, or a person with whom there is no direct room yet. */
export type Place = RoomPlace | PersonPlace;

interface Ranking {
  readonly typed: string;
  /** Ids of the rooms that were opened last, the latest first. */
  readonly recentIds: readonly string[];
  readonly openRoomId: string | null;
}

const AT_MOST = 50;

/**
 * The places that fit what was typed. The best fit first; among equals the rooms that were opened last, then those where
 * something happened last, then people. The room that is open is where one is already: it comes after other rooms.
 */
export function rankPlaces(places: readonly Place[], { typed, recentIds, openRoomId }: Ranking): readonly Place[] {
  const recency = new Map(recentIds.map((id, index) => [id, index]));
  const ranked = places.map((place) => ({
    place,
    score: Math.max(matchScore(typed, place.name), matchScore(typed, place.detail) * 0.5),
    group: place.kind === "person" ? 2 : place.id === openRoomId ? 1 : 0,
    recency: place.kind === "room" ? (recency.get(place.id) ?? Number.MAX_SAFE_INTEGER) : 0,
    activity: place.kind === "room" ? Date.parse(place.updatedAt) : 0,
  }));
  return ranked
    .filter(({ score }) => score > 0)
    .toSorted(
      (a, b) =>
        compare(b.score, a.score) ||
        a.group - b.group ||
        a.recency - b.recency ||
        b.activity - a.activity ||
        a.place.name.localeCompare(b.place.name),
    )
    .slice(0, AT_MOST)
    .map(({ place }) => place);
}

/** By size; the difference of two infinities is no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
