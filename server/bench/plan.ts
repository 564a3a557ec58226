/** Who is in which room: known to all processes, so that nothing of it has to travel. */

export const USERS = 2_000;
export const MESSAGE_BYTES = 200;
export const HISTORY_MESSAGES = 1_000;
export const HISTORY_MEMBERS = 20;
export const MESSAGES_PER_LISTED_ROOM = 5;
export const WRITERS = 16;

/** A row of rooms with consecutive numbers. */
export interface RoomRange {
  readonly first: number;
  readonly count: number;
}

export const crowd100: RoomRange = { first: 1, count: 1 };
export const crowd500: RoomRange = { first: 2, count: 1 };
export const historyRoom: RoomRange = { first: 3, count: 1 };
/** Ten people each, nobody in two of them. */
export const smallRooms: RoomRange = { first: 4, count: 100 };
/** One viewer and nine others each. */
export const listedRooms: RoomRange = { first: 104, count: 200 };
/** All writers are in all of them. */
export const writtenRooms: RoomRange = { first: 304, count: 100 };

/** As many people as a room can have: those from `FIRST_OF_LARGEST` on, who are in no other room. */
export const largestRoom: RoomRange = { first: 404, count: 1 };
export const FIRST_OF_LARGEST = 1_001;
export const MOST_IN_A_ROOM = 1_000;

/** One searcher and two others in all of them; so many that each has something of everything. */
export const searchedRooms: RoomRange = { first: 405, count: 201 };

export const FIRST_WRITER = 901;
export const LIST_VIEWER = 1_000;
export const SEARCHER = 999;
/** The others of the listed rooms are drawn from here on, clear of the crowds. */
export const FIRST_LISTED_MEMBER = 600;
export const LISTED_MEMBERS = 300;

export function roomsOf({ first, count }: RoomRange): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

export function hostIdOf(user: number): string {
  return `bench-${user}`;
}

/** Somebody's connection by which a room is followed. */
export interface Seat {
  /** The person's number, and for each further connection of theirs one that is larger by `ANOTHER_CONNECTION`. */
  readonly connection: number;
  readonly room: number;
}

const ANOTHER_CONNECTION = 10_000;

/** Whose connection it is. */
export function userOf(connection: number): number {
  return connection % ANOTHER_CONNECTION;
}

/** The people 1 to `count`, all in one room. */
export function crowdSeats(range: RoomRange, count: number): readonly Seat[] {
  return Array.from({ length: count }, (_, index) => ({ connection: index + 1, room: range.first }));
}

/** So many connections in the largest room: with more than it has people, each person has several. */
export function largestSeats(count: number): readonly Seat[] {
  return Array.from({ length: count }, (_, index) => ({
    connection: FIRST_OF_LARGEST + (index % MOST_IN_A_ROOM) + Math.floor(index / MOST_IN_A_ROOM) * ANOTHER_CONNECTION,
    room: largestRoom.first,
  }));
}

/** Ten people in each of so many small rooms. */
export function smallSeats(count = smallRooms.count): readonly Seat[] {
  return Array.from({ length: count * 10 }, (_, index) => ({
    connection: index + 1,
    room: smallRooms.first + Math.floor(index / 10),
  }));
}

/** One message in so many has a file, and one in so many an address. */
export const FILE_EVERY = 50;
export const LINK_EVERY = 19;
/** Words in one file's name out of so many. */
export const fileWords = { every: 5, words: ["invoice", "blueprint"] } as const;

/** Words that stand in one message out of so many each: in that many per cent of all. */
interface Searched {
  readonly every: number;
  readonly words: readonly string[];
}

export const searched: readonly [rare: Searched, common: Searched, pair: Searched, commonPair: Searched] = [
  { every: 100, words: ["zephyr", "quasar", "walnut", "oyster", "jigsaw"] },
  { every: 10, words: ["deploy", "review"] },
  { every: 100, words: ["かね", "ゆめ", "ほし", "そら", "みち"] },
  { every: 10, words: ["です", "ます"] },
];
